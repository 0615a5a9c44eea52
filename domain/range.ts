// The time range of a question: two ISO times, checked.
import { DAY_MS, type Millis } from './time.ts'

/** From inclusive, to exclusive. */
export interface TimeRange {
  readonly from: Millis
  readonly to: Millis
}

const DEFAULT_RANGE_MS = 7 * DAY_MS
const RANGE_MAX_MS = 3_660 * DAY_MS

const ISO = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/

/** Date.parse alone would turn 30 February into 2 March. */
const exists = (year: number, month: number, day: number): boolean =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && month <= 12

/** A date (midnight UTC) or a time with its offset. */
export const parseTime = (text: string): Millis | undefined => {
  const [, year, month, day] = ISO.exec(text) ?? []
  if (year === undefined || !exists(Number(year), Number(month), Number(day))) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}

/** @returns the range, or a sentence on what is wrong with it */
export const rangeOf = (query: { from?: string; to?: string }, now: Millis): TimeRange | string => {
  const to = query.to === undefined ? now : parseTime(query.to)
  if (to === undefined) return '`to` must be an ISO 8601 date, or a time with its offset'
  const from = query.from === undefined ? to - DEFAULT_RANGE_MS : parseTime(query.from)
  if (from === undefined) return '`from` must be an ISO 8601 date, or a time with its offset'
  if (from >= to) return '`from` must lie before `to`'
  if (to - from > RANGE_MAX_MS) return 'a range is at most ten years long'
  return { from, to }
}
