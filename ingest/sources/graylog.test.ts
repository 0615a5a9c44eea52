// Graylog: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './graylog.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Graylog', () => {
  test('keys and group-by fields tell conditions of one definition apart', () => {
    const { event } = fixture.fire
    const other = { ...fixture.fire, event: { ...event, key: 'vpn-2', key_tuple: ['vpn-2'] } }
    const later = {
      ...fixture.fire,
      event: { ...event, id: '01E9', timestamp: '2026-03-02T11:59:00.000Z' },
    }
    const [first, second, third] = [fixture.fire, other, later].map((b) =>
      only(normalise('graylog', b)),
    )
    expect(second!.fingerprint).not.toBe(first!.fingerprint)
    expect(third!.fingerprint).toBe(first!.fingerprint)
  })
})
