// Which backups may go: those that neither the newest, nor a day, nor a week keeps.
import { DAY_MS, type Millis } from '../../domain/time.ts'
import type { KeptBackup } from './target.ts'

/** How many of each are kept; see `backup.keep` in the configuration. */
export interface Keep {
  /** At least one. */
  readonly last: number
  readonly daily: number
  readonly weekly: number
}

const WEEK_DAYS = 7
/** 1 January 1970 was a Thursday: that week had begun three days before. */
const DAYS_SINCE_MONDAY = 3

/** Days since 1970 on the calendar of a time zone. */
const createCalendar = (timeZone: string): ((at: Millis) => number) => {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  return (at) => Date.parse(`${format.format(at)}T00:00:00Z`) / DAY_MS
}

/** The newest backup of each of the newest `count` periods that have any. */
const newestOfEach = (
  newestFirst: readonly KeptBackup[],
  count: number,
  periodOf: (at: Millis) => number,
): KeptBackup[] => {
  const newest = new Map<number, KeptBackup>()
  for (const backup of newestFirst) {
    const period = periodOf(backup.takenAt)
    if (!newest.has(period)) newest.set(period, backup)
  }
  return [...newest.values()].slice(0, count)
}

/** @param complete all that a place holds; what is not complete is nobody's business here */
export const expired = (
  complete: readonly KeptBackup[],
  keep: Keep,
  timeZone: string,
): KeptBackup[] => {
  const newestFirst = [...complete].sort((a, b) => b.takenAt - a.takenAt)
  const dayOf = createCalendar(timeZone)
  const weekOf = (at: Millis): number => Math.floor((dayOf(at) + DAYS_SINCE_MONDAY) / WEEK_DAYS)
  const kept = new Set([
    ...newestFirst.slice(0, Math.max(1, keep.last)),
    ...newestOfEach(newestFirst, keep.daily, dayOf),
    ...newestOfEach(newestFirst, keep.weekly, weekOf),
  ])
  return newestFirst.filter((backup) => !kept.has(backup))
}
