// When a recurring window holds: cron on a wall clock, with a duration in elapsed time.
import { Cron } from 'croner'
import type { Span } from '../../domain/mute.ts'
import { DAY_MS, MINUTE_MS, type Millis } from '../../domain/time.ts'

export interface Recurrence {
  /** Five parts: minute, hour, day of month, month, weekday. */
  readonly cron: string
  /** IANA name: the cron's clock. What a change to summer time skips happens right after it. */
  readonly timeZone: string
  /** How long each occurrence lasts, whatever the wall clock does meanwhile. */
  readonly durationMs: Millis
}

export interface Series extends Recurrence {
  readonly from: Millis
  readonly to: Millis
}

export const DURATION_MIN_MS = MINUTE_MS
export const DURATION_MAX_MS = 31 * DAY_MS
/** Occurrences looked at in one go. */
const OCCURRENCES_MAX = 512

const open = ({ cron, timeZone }: Recurrence): Cron =>
  new Cron(cron, { timezone: timeZone, mode: '5-part' })

/** @returns why it cannot be used, or undefined */
export const recurrenceFault = (recurrence: Recurrence, from: Millis): string | undefined => {
  // A question mark stands for the time at which the pattern is read, which a replay does not know.
  if (recurrence.cron.includes('?')) return 'cron: ? is not known here'
  try {
    if (open(recurrence).nextRun(new Date(from - 1)) !== null) return undefined
    return `cron: ${recurrence.cron} never comes`
  } catch (error) {
    return `cron: ${(error as Error).message.slice(0, 300)}`
  }
}

/**
 * Spans that end after `at`, ascending; occurrences that overlap or touch are one.
 * @param most spans at most
 */
export const spansAfter = (series: Series, at: Millis, most: number): readonly Span[] => {
  const { from, to, durationMs } = series
  const cron = open(series)
  const spans: Span[] = []
  let before = Math.max(from, at - durationMs) - 1
  for (let seen = 0; seen < OCCURRENCES_MAX; seen++) {
    const begins = cron.nextRun(new Date(before))?.getTime()
    if (begins === undefined || begins >= to) break
    before = begins
    const ends = Math.min(to, begins + durationMs)
    const last = spans.at(-1)
    if (last !== undefined && begins <= last.to)
      spans[spans.length - 1] = { from: last.from, to: ends }
    else if (spans.length === most) break
    else if (ends > at) spans.push({ from: begins, to: ends })
  }
  return spans
}
