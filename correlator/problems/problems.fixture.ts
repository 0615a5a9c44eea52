// Closed incidents for the tests of pattern detection.
import { HOUR_MS, MINUTE_MS, type Millis } from '../../domain/time.ts'
import type { ClosedIncident, PatternAlert } from './types.ts'

/** Monday 2026-06-01, 00:00 UTC. */
export const MONDAY: Millis = 1_780_272_000_000

/** `HighErrorRate@web` lines in order of onset, ten seconds apart. */
export const alertsOf = (
  lines: readonly string[],
  severity: PatternAlert['severity'] = 'error',
): PatternAlert[] =>
  lines.map((line, i) => {
    const [name, ci] = line.split('@')
    return { name: name!, ...(ci !== undefined && { ci }), severity, onset: MONDAY + i * 10_000 }
  })

/** An hour's incident put down to `cause`, by a hint of that confidence. */
export const closedIncident = (
  id: string,
  hoursIn: number,
  cause: string,
  lines: readonly string[],
  more: Partial<ClosedIncident> = {},
): ClosedIncident => ({
  id,
  scope: 'default',
  openedAt: MONDAY + hoursIn * HOUR_MS,
  resolvedAt: MONDAY + hoursIn * HOUR_MS + 30 * MINUTE_MS,
  alerts: alertsOf(lines),
  hints: [{ ci: cause, score: 5, confidence: 0.9, reasons: [] }],
  ...more,
})
