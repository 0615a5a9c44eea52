// Datadog: the traps of this tool in particular; what every source owes is in compliance.test.ts.
import { describe, expect, test } from 'vitest'
import { createTestNormaliser, only } from '../testing/fixtures.ts'
import fixture from './datadog.fixture.json' with { type: 'json' }

const normalise = createTestNormaliser()

describe('Datadog', () => {
  test('the form encoding, an empty severity and unknown variables are taken', () => {
    const form = { ...fixture.fire, severity: '', alert_priority: '', hostname: '$HOSTNAME' }
    const event = only(normalise('datadog', form))
    expect(event).toMatchObject({ severity: 'error', name: 'CPU of web-# is high' })
    expect(event.labels.host).toBeUndefined()
  })

  test('a template without a transition is told by the title', () => {
    const template = {
      id: '1',
      event_type: 'query_alert_monitor',
      body: 'x',
      date: '1772452200000',
    }
    const [fire, resolve] = [
      '[P2] [Triggered on {host:web-1}] CPU is high',
      '[P2] [Recovered on {host:web-1}] CPU is high',
    ].map((title) => only(normalise('datadog', { ...template, title })))
    expect([fire!.status, resolve!.status]).toEqual(['firing', 'resolved'])
    expect(resolve!.fingerprint).toBe(fire!.fingerprint)
    expect(fire!.name).toBe('CPU is high')
  })
})
