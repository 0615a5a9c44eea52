// Icinga: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './icinga.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Icinga', () => {
  test('a host that is down is a condition of its own, apart from its checks', () => {
    const host = only(normalise('icinga', fixture.fire))
    const check = only(
      normalise('icinga', { ...fixture.fire, SERVICEDESC: 'ping', SERVICESTATE: 'CRITICAL' }),
    )
    expect(host).toMatchObject({ name: 'HostState', severity: 'critical' })
    expect(check.fingerprint).not.toBe(host.fingerprint)
  })
})
