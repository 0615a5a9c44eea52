// Times as tools write them, read strictly; and what becomes of impossible ones.
import type { AlertStatus, EventFlag } from '../domain/event.ts'
import { DAY_MS, MINUTE_MS, type Millis } from '../domain/time.ts'
import type { IngestSettings } from './settings.ts'

const ZERO_DATE = '0001-01-01'
const HYPHEN = 45
const EPOCH_YEAR_2000: Millis = 946_684_800_000
const SECONDS_BELOW = 1e11
const MILLIS_BELOW = 1e14
const MICROS_BELOW = 1e17
const NANOS_BELOW = 1e20
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * RFC 3339 (also without its zone, with a blank for the T, or +hhmm), or an epoch in s, ms, us or
 * ns, told apart by size. Unlike Date.parse, 30 February is not 2 March.
 * @returns undefined where there is none (null, "", 0, 0001-01-01); NaN where it is unreadable
 */
export const readTime = (value: unknown, utcOffsetMinutes = 0): Millis | undefined => {
  if (value === undefined || value === null || value === '' || value === 0) return undefined
  if (typeof value === 'number') return readEpoch(value)
  if (typeof value !== 'string') return Number.NaN
  if (value.charCodeAt(4) !== HYPHEN && /^\d{1,20}(\.\d{1,9})?$/.test(value))
    return readEpoch(Number(value)) || undefined
  return value.startsWith(ZERO_DATE) ? undefined : readRfc3339(value, utcOffsetMinutes)
}

const readEpoch = (value: number): Millis => {
  if (!(value >= 0 && value < NANOS_BELOW)) return Number.NaN
  if (value < SECONDS_BELOW) return Math.round(value * 1_000)
  if (value < MILLIS_BELOW) return Math.round(value)
  if (value < MICROS_BELOW) return Math.round(value / 1e3)
  return Math.round(value / 1e6)
}

const digitsAt = (text: string, from: number, count: number): number => {
  let number = 0
  for (let i = from; i < from + count; i++) {
    const digit = text.charCodeAt(i) - 48
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

const daysIn = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0)

const readRfc3339 = (text: string, utcOffsetMinutes: number): Millis => {
  const year = digitsAt(text, 0, 4)
  const month = digitsAt(text, 5, 2)
  const day = digitsAt(text, 8, 2)
  const hour = digitsAt(text, 11, 2)
  const minute = digitsAt(text, 14, 2)
  const second = digitsAt(text, 17, 2)
  const marks = text[4] === '-' && text[7] === '-' && text[13] === ':' && text[16] === ':'
  const between = 'Tt '.includes(text[10] ?? '?')
  const inRange = day >= 1 && day <= daysIn(year, month) && hour <= 23 && minute <= 59
  if (!marks || !between || !inRange || !(second <= 60)) return Number.NaN
  let at = 19
  let millis = 0
  if (text[at] === '.' || text[at] === ',') {
    const from = at + 1
    for (at = from; isDigit(text.charCodeAt(at)); at++) {
      if (at < from + 3) millis += (text.charCodeAt(at) - 48) * 10 ** (2 - at + from)
    }
    if (at === from) return Number.NaN
  }
  const minutes = hour * 60 + minute - readOffset(text, at, utcOffsetMinutes)
  return daysSinceEpoch(year, month, day) * DAY_MS + minutes * MINUTE_MS + second * 1_000 + millis
}

/** Days from 1970 in the Gregorian calendar, counting years from March; faster than a Date. */
const daysSinceEpoch = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
  return era * 146_097 + yearOfEra * 365 + leapDays + dayOfYear - 719_468
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57

/** Minutes east of UTC; NaN where it is none. */
const readOffset = (text: string, at: number, utcOffsetMinutes: number): number => {
  const rest = text.length - at
  if (rest === 0) return utcOffsetMinutes
  const mark = text[at]
  if (rest === 1) return mark === 'Z' || mark === 'z' ? 0 : Number.NaN
  if (mark !== '+' && mark !== '-') return Number.NaN
  const colon = text[at + 3] === ':' ? 1 : 0
  const hours = digitsAt(text, at + 1, 2)
  const minutes = rest === 3 ? 0 : digitsAt(text, at + 3 + colon, 2)
  if (!(hours <= 23 && minutes <= 59) || (rest !== 3 && rest !== 5 + colon)) return Number.NaN
  return (mark === '-' ? -1 : 1) * (hours * 60 + minutes)
}

export interface EventTimes {
  readonly startsAt: Millis
  readonly endsAt: Millis | undefined
}

/**
 * Keeps event time near the receive time, so that no sender's clock can move a window.
 * @param flags gets what had to be mended
 */
export const clampTimes = (
  draft: {
    readonly status: AlertStatus
    readonly startsAt?: Millis | undefined
    readonly endsAt?: Millis | undefined
  },
  receivedAt: Millis,
  settings: IngestSettings,
  flags: EventFlag[],
): EventTimes => {
  const latest = receivedAt + settings.skewMs
  const { endsAt } = draft
  const inBounds = (at: Millis | undefined): at is Millis =>
    at !== undefined && at >= EPOCH_YEAR_2000 && at <= latest
  const resolved = draft.status === 'resolved'
  let startsAt = receivedAt
  if (draft.startsAt === undefined) {
    flags.push('start-missing')
    if (resolved && inBounds(endsAt)) startsAt = endsAt
  } else if (inBounds(draft.startsAt)) startsAt = draft.startsAt
  else flags.push('start-clamped')

  if (resolved) {
    if (inBounds(endsAt) && endsAt >= startsAt) return { startsAt, endsAt }
    if (endsAt !== undefined) flags.push('end-clamped')
    return { startsAt, endsAt: Math.max(startsAt, receivedAt) }
  }
  if (endsAt === undefined) return { startsAt, endsAt }
  if (endsAt > receivedAt && endsAt <= receivedAt + settings.expiryMaxMs)
    return { startsAt, endsAt }
  flags.push('end-clamped')
  return { startsAt, endsAt: undefined }
}
