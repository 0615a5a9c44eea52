// The budget of new fingerprints by source.
import { describe, expect, test } from 'vitest'
import type { AlertEvent } from '../domain/event.ts'
import type { EventsBatch } from '../domain/records.ts'
import { createFingerprintBudget } from './budget.ts'
import { NOW } from './testing/edge.ts'

const MINUTE_MS = 60_000

/** Spread over all 64 bits, as fingerprints are. */
const fingerprint = (i: number): string =>
  ((BigInt(i) * 0x9e3779b97f4a7c15n + 0x1234567n) & 0xffffffffffffffffn)
    .toString(16)
    .padStart(16, '0')

const event = (i: number, more: Partial<AlertEvent> = {}): AlertEvent => ({
  id: `d.${i}`,
  fingerprint: fingerprint(i),
  status: 'firing',
  name: 'DiskFull',
  severity: 'warning',
  summary: 'x',
  labels: { host: `h${i}` },
  startsAt: NOW,
  ...more,
})

const batch = (from: number, to: number, more: Partial<EventsBatch> = {}): EventsBatch => ({
  kind: 'events',
  receivedAt: NOW,
  source: 'native',
  scope: 'default',
  deliveryId: 'd',
  events: Array.from({ length: to - from }, (_, i) => event(from + i)),
  ...more,
})

describe('fault 23: a cardinality explosion', () => {
  test('beyond the budget new fingerprints fold into one alert, counted and flagged', () => {
    const budget = createFingerprintBudget(100)
    const { events } = budget.fold(batch(0, 250))
    const folded = events.filter(({ flags }) => flags?.includes('budget-coarsened'))
    expect(folded).toHaveLength(150)
    expect(new Set(folded.map((e) => e.fingerprint)).size).toBe(1)
    expect(new Set(events.map(({ id }) => id)).size).toBe(250)
    expect(folded[0]).toMatchObject({ name: 'DiskFull', endsAt: NOW + 5 * MINUTE_MS })
  })

  test('within the budget the batch stays as it is', () => {
    const budget = createFingerprintBudget(250)
    const whole = batch(0, 250)
    expect(budget.fold(whole)).toBe(whole)
  })

  test('known alerts, other sources and resolves go on as before', () => {
    const budget = createFingerprintBudget(100)
    budget.fold(batch(0, 200))
    const known = batch(0, 100)
    expect(budget.fold(known)).toBe(known)
    const other = batch(0, 100, { source: 'zabbix' })
    expect(budget.fold(other)).toBe(other)
    const resolve = batch(0, 0, { events: [event(999, { status: 'resolved' })] })
    expect(budget.fold(resolve)).toBe(resolve)
  })

  test('the next minute has a budget of its own, and knows what was known', () => {
    const budget = createFingerprintBudget(100)
    budget.fold(batch(0, 200))
    const next = batch(0, 200, { receivedAt: NOW + MINUTE_MS })
    expect(budget.fold(next)).toBe(next)
  })

  test('names that explode share one alert beyond a thousand', () => {
    const budget = createFingerprintBudget(0)
    const names = Array.from({ length: 3_000 }, (_, i) => event(i, { name: `n${i}` }))
    const { events } = budget.fold(batch(0, 0, { events: names }))
    expect(new Set(events.map((e) => e.fingerprint)).size).toBe(1_001)
  })

  test('a million new fingerprints a minute are held to the budget, within a few points', () => {
    const budget = createFingerprintBudget(200_000)
    let folded = 0
    for (let i = 0; i < 1_000_000; i += 1_000)
      for (const { flags } of budget.fold(batch(i, i + 1_000)).events)
        if (flags?.includes('budget-coarsened')) folded += 1
    expect(folded / 800_000).toBeGreaterThan(0.98)
    expect(folded).toBeLessThanOrEqual(800_000)
  })
})
