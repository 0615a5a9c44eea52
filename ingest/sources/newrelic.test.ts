// New Relic: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './newrelic.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('New Relic', () => {
  test('lists that the template rendered as text are read', () => {
    const rendered = {
      ...fixture.fire,
      impactedEntities: '["checkout-service","cart"]',
      alertConditionNames: 'Checkout latency',
    }
    expect(only(normalise('newrelic', rendered))).toMatchObject({
      name: 'Checkout latency',
      labels: { service: 'checkout-service' },
    })
  })

  test('without a close it expires', () => {
    const event = only(normalise('newrelic', fixture.fire))
    expect(event.endsAt).toBeGreaterThan(event.startsAt)
  })
})
