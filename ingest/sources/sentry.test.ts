// Sentry: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './sentry.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Sentry', () => {
  test('an issue and its events are one condition', () => {
    const issue = only(normalise('sentry', fixture.fire))
    const event = only(normalise('sentry', fixture.eventFire))
    expect(event.fingerprint).toBe(issue.fingerprint)
    expect(event.labels).toMatchObject({ service: 'checkout', host: 'web-1' })
  })

  test('the legacy plugin’s body is taken', () => {
    const { issue } = fixture.fire.data
    const legacy = {
      id: issue.id,
      project_slug: 'checkout',
      culprit: 'x',
      level: 'error',
      message: 'boom',
      event: {},
    }
    expect(only(normalise('sentry', legacy))).toMatchObject({ labels: { service: 'checkout' } })
  })
})
