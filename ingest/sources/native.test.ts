// Native events: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './native.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Native events', () => {
  test('a dedup key names the condition, whatever its labels', () => {
    const [first, second] = ['a', 'b'].map((host) =>
      only(normalise('native', { ...fixture.fire, labels: { host }, dedupKey: 'k' })),
    )
    expect(second!.fingerprint).toBe(first!.fingerprint)
  })

  test.each(['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'HTTP', ' https://a'])(
    'the link %s is left out',
    (link) => {
      const event = only(normalise('native', { ...fixture.fire, link, runbook: link }))
      expect([event.link, event.runbook]).toEqual([undefined, undefined])
    },
  )
})
