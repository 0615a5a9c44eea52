// systemd's OnCalendar= as cron patterns: the grammar of systemd.time(7), CALENDAR EVENTS.

/** A cron pattern of seven fields (second to year), where day of month and of week must both fit. */
export interface CalendarPattern {
  readonly pattern: string
  /** IANA name at the end of the expression; absent = the heartbeat's own. */
  readonly timeZone?: string
}

export type CalendarReading =
  | { readonly kind: 'ok'; readonly patterns: readonly CalendarPattern[] }
  | { readonly kind: 'fault'; readonly detail: string }

export const CALENDAR_LINES_MAX = 10

const SHORTHANDS: Readonly<Record<string, string>> = {
  minutely: '*-*-* *:*:00',
  hourly: '*-*-* *:00:00',
  daily: '*-*-* 00:00:00',
  weekly: 'Mon *-*-* 00:00:00',
  monthly: '*-*-01 00:00:00',
  quarterly: '*-01,04,07,10-01 00:00:00',
  semiannually: '*-01,07-01 00:00:00',
  yearly: '*-01-01 00:00:00',
  annually: '*-01-01 00:00:00',
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const DAY_WORD = /^(sun|mon|tue|wed|thu|fri|sat)[a-z]*$/i
const FULL_DAYS = /^(sun|mon|tues|wednes|thurs|fri|satur)day$/i

interface Range {
  readonly name: string
  readonly min: number
  readonly max: number
}
const RANGES = {
  second: { name: 'second', min: 0, max: 59 },
  minute: { name: 'minute', min: 0, max: 59 },
  hour: { name: 'hour', min: 0, max: 23 },
  day: { name: 'day', min: 1, max: 31 },
  month: { name: 'month', min: 1, max: 12 },
  year: { name: 'year', min: 1970, max: 2199 },
} satisfies Record<string, Range>

/** What is wrong with an expression; caught in `readOnCalendar`, never let out. */
class Fault extends Error {}

const numberIn = (text: string, { name, min, max }: Range): number => {
  const value = /^\d{1,4}(\.0+)?$/.test(text) ? Number.parseInt(text, 10) : Number.NaN
  const full = name === 'year' && value < 100 ? value + (value < 70 ? 2_000 : 1_900) : value
  if (!(full >= min && full <= max)) throw new Fault(`"${text}" is no ${name} (${min} to ${max})`)
  return full
}

// One field: all, one, from..to, each with /step, and lists of them.
const component = (text: string, range: Range): string =>
  text
    .split(',')
    .map((part) => {
      const [span = '', step, more] = part.split('/')
      if (more !== undefined || step === '' || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step)))
        throw new Fault(`"${part}" has no proper step`)
      const tail = step === undefined ? '' : `/${step}`
      if (span === '*') return tail === '' ? '*' : `${range.min}-${range.max}${tail}`
      const [from = '', to, beyond] = span.split('..')
      if (beyond !== undefined) throw new Fault(`"${part}" has two ranges`)
      const first = numberIn(from, range)
      if (to !== undefined) {
        const last = numberIn(to, range)
        if (last < first) throw new Fault(`"${part}" runs backwards`)
        return `${first}-${last}${tail}`
      }
      return step === undefined ? String(first) : `${first}-${range.max}${tail}`
    })
    .join(',')

const dayOf = (word: string): number => {
  if (!DAY_WORD.test(word) || (word.length > 3 && !FULL_DAYS.test(word)))
    throw new Fault(`"${word}" is no day of the week`)
  return DAYS.indexOf(word.slice(0, 3).toLowerCase())
}

/** Monday is the first day, Sunday the seventh: `Sat..Sun` runs forward, as in systemd. */
const mondayFirst = (day: number): number => (day + 6) % 7

const weekdays = (text: string): string =>
  text
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [from = '', to, beyond] = part.split(/\.\.|-/)
      if (beyond !== undefined) throw new Fault(`"${part}" has two ranges`)
      const first = mondayFirst(dayOf(from))
      const last = to === undefined ? first : mondayFirst(dayOf(to))
      if (last < first) throw new Fault(`"${part}" runs backwards: a week begins on Monday`)
      const length = last - first + 1
      return Array.from({ length }, (_, i) => (first + i + 1) % 7)
    })
    .sort((a, b) => a - b)
    .join(',')

const dateFields = (text: string): { year: string; month: string; day: string } => {
  if (text.includes('~')) {
    const [head = '', last = ''] = text.split('~')
    // Cron knows the last day, not those before it.
    if (!/^0?1$/.test(last)) throw new Fault('after "~" only 1, the last day, is understood')
    const [month = '', year = '*', more] = head.split('-').reverse()
    if (more !== undefined) throw new Fault(`"${text}" is no date`)
    return { year: component(year, RANGES.year), month: component(month, RANGES.month), day: 'L' }
  }
  const [day = '', month = '', year = '*', more] = text.split('-').reverse()
  if (more !== undefined || month === '') throw new Fault(`"${text}" is no date`)
  return {
    year: component(year, RANGES.year),
    month: component(month, RANGES.month),
    day: component(day, RANGES.day),
  }
}

const timeFields = (text: string): { hour: string; minute: string; second: string } => {
  const [hour = '', minute = '', second = '0', more] = text.split(':')
  if (more !== undefined || minute === '') throw new Fault(`"${text}" is no time of day`)
  return {
    hour: component(hour, RANGES.hour),
    minute: component(minute, RANGES.minute),
    second: component(second, RANGES.second),
  }
}

const ZONE = /^(UTC|[A-Za-z]+(\/[A-Za-z0-9_+-]+)+)$/

const readLine = (line: string): CalendarPattern => {
  const words = line.split(/\s+/)
  const last = words.at(-1)!
  const zone = words.length > 1 && ZONE.test(last) ? words.pop() : undefined
  const shorthand = words.length === 1 ? SHORTHANDS[words[0]!.toLowerCase()] : undefined
  const parts = shorthand === undefined ? words : shorthand.split(' ')
  let weekday = '*'
  if (/^[a-z]/i.test(parts[0]!)) weekday = weekdays(parts.shift()!)
  let date = { year: '*', month: '*', day: '*' }
  if (parts[0] !== undefined && /[-~]/.test(parts[0])) date = dateFields(parts.shift()!)
  let time = { hour: '0', minute: '0', second: '0' }
  if (parts[0]?.includes(':')) time = timeFields(parts.shift()!)
  if (parts.length > 0) throw new Fault(`"${parts[0]}" is not understood`)
  const { hour, minute, second } = time
  const pattern = [second, minute, hour, date.day, date.month, weekday, date.year].join(' ')
  return zone === undefined ? { pattern } : { pattern, timeZone: zone }
}

/**
 * Reads one or more lines. Fractions of a second and `~2` and further before the end of a month
 * are refused; the rest of the grammar is taken.
 */
export const readOnCalendar = (expression: string): CalendarReading => {
  const lines = expression
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length === 0) return { kind: 'fault', detail: 'it is empty' }
  if (lines.length > CALENDAR_LINES_MAX)
    return { kind: 'fault', detail: `it has more than ${CALENDAR_LINES_MAX} lines` }
  try {
    return { kind: 'ok', patterns: lines.map(readLine) }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { kind: 'fault', detail: error.message }
  }
}
