// Dynatrace: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './dynatrace.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Dynatrace', () => {
  test('impacted entities are labels, also as text inside the JSON', () => {
    const text = {
      ...fixture.fire,
      ImpactedEntities: JSON.stringify(fixture.fire.ImpactedEntities),
    }
    for (const body of [fixture.fire, text])
      expect(only(normalise('dynatrace', body)).labels.service).toBe('checkout')
  })
})
