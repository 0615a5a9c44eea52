// A lane shows when an alert fired and when it had cleared.
import { describe, expect, test } from 'vitest'
import { createIncidents } from '../../../dev/incidents.ts'
import { barsOf, spanOf, ticksOf } from './lanes.ts'

const NOW = Date.parse('2026-03-10T09:30:00Z')
const incidents = createIncidents(NOW, 60)
const flapping = incidents.find(({ alerts }) => alerts.some((alert) => alert.flapping))
if (flapping === undefined) throw new Error('the fixture has no flapping alert')

describe('alert lanes', () => {
  test('every bar lies within the span, begins before it ends, and none overlap', () => {
    for (const incident of incidents) {
      const span = spanOf(incident, NOW)
      for (const alert of incident.alerts) {
        const bars = barsOf(alert, incident.timeline, span, NOW)
        expect(bars.length).toBeGreaterThan(0)
        let last = 0
        for (const { from, to } of bars) {
          expect(from).toBeGreaterThanOrEqual(last)
          expect(to).toBeGreaterThanOrEqual(from)
          expect(to).toBeLessThanOrEqual(1)
          last = to
        }
      }
    }
  })

  test('each time that it cleared and fired again leaves a gap', () => {
    const alert = flapping.alerts.find((one) => one.flapping)
    if (alert === undefined) throw new Error('unreachable')
    const bars = barsOf(alert, flapping.timeline, spanOf(flapping, NOW), NOW)
    expect(bars).toHaveLength(4)
    expect(bars.map(({ open }) => open)).toEqual([false, false, false, true])
  })

  test.each([60_000, 3_600_000, 86_400_000, 30 * 86_400_000])(
    'a span of %d ms has some ticks, not many, at round moments',
    (length) => {
      const ticks = ticksOf({ from: NOW + 1_234, to: NOW + 1_234 + length }, 6)
      expect(ticks.length).toBeGreaterThan(0)
      expect(ticks.length).toBeLessThanOrEqual(6)
      for (const at of ticks) expect(at % 10_000).toBe(0)
    },
  )
})
