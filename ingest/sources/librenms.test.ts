// LibreNMS: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './librenms.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('LibreNMS', () => {
  test('worse and better are still the same firing alert', () => {
    const fire = only(normalise('librenms', fixture.fire))
    for (const state of [3, '4']) {
      const event = only(normalise('librenms', { ...fixture.fire, state }))
      expect(event).toMatchObject({ status: 'firing', fingerprint: fire.fingerprint })
    }
  })
})
