// Elastic: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './elastic.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Elastic', () => {
  test('flat templates are read as well', () => {
    const flat = {
      rule_id: 'r-1',
      rule_name: 'Log threshold of checkout',
      alert_id: 'checkout-1',
      action_group: 'recovered',
    }
    expect(only(normalise('elastic', flat))).toMatchObject({
      status: 'resolved',
      fingerprint: only(normalise('elastic', fixture.fire)).fingerprint,
    })
  })
})
