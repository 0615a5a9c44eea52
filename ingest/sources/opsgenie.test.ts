// Opsgenie: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './opsgenie.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Opsgenie', () => {
  test('the API and the outgoing webhook name the same alert alike', () => {
    const created = only(normalise('opsgenie', fixture.fire))
    const hooked = only(normalise('opsgenie', fixture.webhookFire))
    expect(hooked.fingerprint).toBe(created.fingerprint)
    expect(created.labels).toEqual({
      team: 'data',
      mount: '/var',
      tags: 'critical-path',
      host: 'db-1',
    })
  })
})
