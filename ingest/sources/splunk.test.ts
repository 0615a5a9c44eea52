// Splunk: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './splunk.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Splunk', () => {
  test('measurements in the result neither split the condition nor become labels', () => {
    const again = { ...fixture.fire, sid: 'other', result: { ...fixture.fire.result, count: '99' } }
    const [first, second] = [fixture.fire, again].map((body) => only(normalise('splunk', body)))
    expect(second!.fingerprint).toBe(first!.fingerprint)
    expect(Object.keys(first!.labels)).not.toContain('count')
  })
})
