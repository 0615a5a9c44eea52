// The statistics of a pattern: how often, how regular, when, how costly, worsening or not.
import type { PatternStatistics } from '../../domain/problem.ts'
import { DAY_MS, HOUR_MS, type Millis } from '../../domain/time.ts'

export const HOURS_OF_WEEK = 168
/** 1970-01-01 was a Thursday; the week starts on Monday, four days later. */
const FIRST_MONDAY_MS = 4 * DAY_MS
const WEEK_MS = 7 * DAY_MS

/** One recurrence, as the statistics need it. */
export interface Recurrence {
  readonly openedAt: Millis
  readonly minutesLost: number
}

/** Recurrences older than those kept: counted, no longer listed. */
export interface Forgotten {
  readonly count: number
  readonly minutesLost: number
  readonly firstAt: Millis
}

export const hourOfWeek = (at: Millis): number =>
  Math.floor((((at - FIRST_MONDAY_MS) % WEEK_MS) + WEEK_MS) / HOUR_MS) % HOURS_OF_WEEK

/**
 * @param recurrences at least one, any order
 * @param incidentsInWindow all incidents closed in the window, these included
 */
export const statisticsOf = (
  recurrences: readonly Recurrence[],
  forgotten: Forgotten | undefined,
  incidentsInWindow: number,
  windowMs: number,
): PatternStatistics => {
  const times = recurrences.map(({ openedAt }) => openedAt).sort((a, b) => a - b)
  const lastAt = times.at(-1)!
  const firstAt = Math.min(times[0]!, forgotten?.firstAt ?? times[0]!)
  const count = times.length + (forgotten?.count ?? 0)
  const recent = times.filter((at) => at > lastAt - windowMs)
  const hours = new Array<number>(HOURS_OF_WEEK).fill(0)
  for (const at of times) hours[hourOfWeek(at)]! += 1
  const minutes = recurrences.reduce((sum, { minutesLost }) => sum + minutesLost, 0)
  return {
    count,
    firstAt,
    lastAt,
    ...(count > 1 && { meanIntervalMs: Math.round((lastAt - firstAt) / (count - 1)) }),
    hourOfWeek: hours,
    minutesLost: Math.round(minutes + (forgotten?.minutesLost ?? 0)),
    share: Math.min(1, recent.length / Math.max(1, incidentsInWindow)),
    trendPerDay: trendPerDay(recent, lastAt),
  }
}

/** Least-squares slope of the daily counts, from the first day to the last. */
const trendPerDay = (times: readonly Millis[], lastAt: Millis): number => {
  const first = Math.floor(times[0]! / DAY_MS)
  const counts = new Array<number>(Math.floor(lastAt / DAY_MS) - first + 1).fill(0)
  for (const at of times) counts[Math.floor(at / DAY_MS) - first]! += 1
  const meanDay = (counts.length - 1) / 2
  const meanCount = times.length / counts.length
  let above = 0
  let below = 0
  for (const [day, count] of counts.entries()) {
    above += (day - meanDay) * (count - meanCount)
    below += (day - meanDay) ** 2
  }
  return below === 0 ? 0 : Math.round((above / below) * 10_000) / 10_000
}
