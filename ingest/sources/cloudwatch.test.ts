// CloudWatch: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './cloudwatch.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('CloudWatch', () => {
  test('EventBridge and SNS name the same alarm alike', () => {
    const viaSns = only(normalise('cloudwatch', fixture.fire))
    const viaBus = only(normalise('cloudwatch', fixture.eventBridgeFire))
    expect(viaBus.fingerprint).toBe(viaSns.fingerprint)
    expect(viaBus.labels.component).toBe('orders')
  })
})
