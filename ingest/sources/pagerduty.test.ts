// PagerDuty: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './pagerduty.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('PagerDuty', () => {
  test('without a dedup key the event is named by what it is about, whatever its figures', () => {
    const { dedup_key: _, ...keyless } = fixture.fire
    const again = { ...keyless, payload: { ...keyless.payload, summary: '98% of /var used' } }
    const [first, second] = [keyless, again].map((body) => only(normalise('pagerduty', body)))
    expect(second!.fingerprint).toBe(first!.fingerprint)
    expect(first!.name).toBe('disk-full')
  })

  test('a component that is a kind says what the source is', () => {
    const payload = { ...fixture.fire.payload, component: 'service', source: 'shop-web' }
    const event = only(normalise('pagerduty', { ...fixture.fire, payload }))
    expect(event.labels).toMatchObject({ service: 'shop-web' })
    expect(event.labels.host).toBeUndefined()
  })
})
