// Business time: which instants count, in a time zone with its summer time and holidays.
import { DAY_MS, MINUTE_MS, type Millis } from '../../domain/time.ts'

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof WEEKDAYS)[number]

export interface CalendarSettings {
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timeZone: string
  /** Opening hours by the wall clock, `['08:00', '17:30']`; the end may be `24:00`. */
  readonly week: Readonly<Partial<Record<Weekday, readonly (readonly [string, string])[]>>>
  /** Closed all day, `2026-12-25`. */
  readonly holidays: readonly string[]
}

export interface Calendar {
  /** Business milliseconds from one instant to a later one; 0 where `to` is not later. */
  between(from: Millis, to: Millis): Millis
  /**
   * The first instant at which `amount` business milliseconds have passed since `from`.
   * @returns undefined where the calendar does not open often enough within ten years
   */
  after(from: Millis, amount: Millis): Millis | undefined
}

/** Every instant counts. */
export const ALWAYS: Calendar = {
  between: (from, to) => Math.max(0, to - from),
  after: (from, amount) => from + amount,
}

type Window = readonly [from: Millis, to: Millis]

const DAYS_AHEAD_MAX = 3_660
const DAYS_REMEMBERED_MAX = 8_192
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 3

/** Milliseconds that the zone's wall clock is ahead of UTC at an instant. */
const createOffsets = (timeZone: string): ((at: Millis) => Millis) => {
  const format = new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (at) => {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(at)) part[type] = Number(value)
    const { year, month, day, hour, minute, second } = part
    const wall = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)
    return wall - Math.floor(at / 1000) * 1000
  }
}

/**
 * The instant at which the zone's wall clock shows `wall`: the first of two where the hour is
 * repeated, the moment of the jump where the hour is skipped.
 */
const instantOf = (offsetAt: (at: Millis) => Millis, wall: Millis): Millis => {
  const before = wall - offsetAt(wall - DAY_MS)
  if (before + offsetAt(before) === wall) return before
  const after = wall - offsetAt(wall + DAY_MS)
  if (after + offsetAt(after) === wall) return after
  let [low, high] = before < after ? [before, after] : [after, before]
  const offset = offsetAt(low)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle) === offset) low = middle
    else high = middle
  }
  return high
}

const CLOCK_TIME = /^([01]\d|2[0-4]):([0-5]\d)$/

/** @throws RangeError when the text is no time of day */
const minuteOfDay = (text: string): number => {
  const match = CLOCK_TIME.exec(text)
  const minute = match === null ? Number.NaN : Number(match[1]) * 60 + Number(match[2])
  if (!(minute <= 24 * 60)) throw new RangeError(`${text} is not a time of day`)
  return minute
}

const dayNumber = (date: string): number => {
  const at = Date.parse(`${date}T00:00:00Z`)
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date)
    throw new RangeError(`${date} is not a date`)
  return at / DAY_MS
}

type Hours = readonly (readonly [from: number, to: number])[]

const readWeek = ({ week }: CalendarSettings): Hours[] =>
  WEEKDAYS.map((weekday) => {
    const hours = (week[weekday] ?? []).map(
      ([from, to]) => [minuteOfDay(from), minuteOfDay(to)] as const,
    )
    hours.sort(([a], [b]) => a - b)
    for (const [index, [from, to]] of hours.entries())
      if (from >= to || from < (hours[index - 1]?.[1] ?? 0))
        throw new RangeError(`the hours of ${weekday} overlap or end before they begin`)
    return hours
  })

/** @throws RangeError when the settings make no sense: an unknown zone, hours that overlap … */
export const createCalendar = (settings: CalendarSettings): Calendar => {
  const offsetAt = createOffsets(settings.timeZone)
  const week = readWeek(settings)
  const holidays = new Set(settings.holidays.map(dayNumber))
  const remembered = new Map<number, readonly Window[]>()

  const windowsOf = (day: number): readonly Window[] => {
    const known = remembered.get(day)
    if (known !== undefined) return known
    const hours = holidays.has(day) ? [] : week[(((day + EPOCH_WEEKDAY) % 7) + 7) % 7]!
    const windows = hours.map(
      ([from, to]) =>
        [
          instantOf(offsetAt, day * DAY_MS + from * MINUTE_MS),
          instantOf(offsetAt, day * DAY_MS + to * MINUTE_MS),
        ] as const,
    )
    if (remembered.size >= DAYS_REMEMBERED_MAX) remembered.clear()
    remembered.set(day, windows)
    return windows
  }
  const dayOf = (at: Millis): number => Math.floor((at + offsetAt(at)) / DAY_MS)

  return {
    between(from, to) {
      let sum = 0
      if (to <= from) return 0
      // A day more on both sides: around a change of the zone's date a window may stick out.
      for (let day = dayOf(from) - 1; day <= dayOf(to) + 1; day++)
        for (const [opens, closes] of windowsOf(day))
          sum += Math.max(0, Math.min(closes, to) - Math.max(opens, from))
      return sum
    },
    after(from, amount) {
      if (amount <= 0) return from
      let left = amount
      const first = dayOf(from)
      for (let day = first - 1; day <= first + DAYS_AHEAD_MAX; day++)
        for (const [opens, closes] of windowsOf(day)) {
          const start = Math.max(opens, from)
          if (closes <= start) continue
          if (closes - start >= left) return start + left
          left -= closes - start
        }
      return undefined
    },
  }
}
