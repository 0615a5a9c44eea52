// Azure Monitor: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './azure-monitor.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Azure Monitor', () => {
  test('the alert id is one instance’s; the origin is the condition', () => {
    const { essentials } = fixture.fire.data
    const refire = {
      ...fixture.fire,
      data: { ...fixture.fire.data, essentials: { ...essentials, alertId: 'x' } },
    }
    expect(only(normalise('azure-monitor', refire)).fingerprint).toBe(
      only(normalise('azure-monitor', fixture.fire)).fingerprint,
    )
  })
})
