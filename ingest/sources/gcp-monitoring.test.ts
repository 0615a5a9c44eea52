// Google Cloud Monitoring: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './gcp-monitoring.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Google Cloud Monitoring', () => {
  test('a re-fire has a new incident id and the old fingerprint', () => {
    expect(only(normalise('gcp-monitoring', fixture.refire)).fingerprint).toBe(
      only(normalise('gcp-monitoring', fixture.fire)).fingerprint,
    )
  })
})
