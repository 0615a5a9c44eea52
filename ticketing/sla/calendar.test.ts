// Business time against a slow clock that asks of every minute whether the office is open.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import { type CalendarSettings, createCalendar, WEEKDAYS } from './calendar.ts'

const office = (over: Partial<CalendarSettings> = {}): CalendarSettings => ({
  timeZone: 'Europe/Berlin',
  week: Object.fromEntries(
    WEEKDAYS.slice(0, 5).map((day) => [
      day,
      [
        ['08:00', '12:00'],
        ['13:00', '17:00'],
      ],
    ]),
  ),
  holidays: [],
  ...over,
})

/** Open around the clock on all days: what is left to show are the zone and its jumps. */
const nights = (timeZone: string): CalendarSettings =>
  office({
    timeZone,
    week: Object.fromEntries(
      WEEKDAYS.map((day) => [
        day,
        [
          ['00:30', '03:30'],
          ['22:00', '24:00'],
        ],
      ]),
    ),
  })

const at = (iso: string): number => Date.parse(iso)

/** Asks of every minute, by the platform's own formatting, whether it is open. */
const countMinutes = (settings: CalendarSettings, from: number, to: number): number => {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: settings.timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  })
  const weekday = new Intl.DateTimeFormat('en-US', {
    timeZone: settings.timeZone,
    weekday: 'short',
  })
  let open = 0
  for (let minute = from; minute < to; minute += MINUTE_MS) {
    const [date = '', time = ''] = format.format(minute).split(' ')
    const day = weekday.format(minute).toLowerCase() as (typeof WEEKDAYS)[number]
    const hours = settings.holidays.includes(date) ? [] : (settings.week[day] ?? [])
    if (hours.some(([opens, closes]) => opens <= time && time < closes)) open += MINUTE_MS
  }
  return open
}

describe('business time', () => {
  test.each([
    ['within the morning', '2026-03-02T08:00Z', '2026-03-02T09:30Z', 1.5],
    ['over lunch', '2026-03-02T10:30Z', '2026-03-02T12:30Z', 1],
    ['over a weekend', '2026-03-06T15:00Z', '2026-03-09T08:00Z', 2],
    ['over the start of summer time', '2026-03-27T15:00Z', '2026-03-30T07:00Z', 2],
    ['over a leap day', '2028-02-28T15:00Z', '2028-03-01T08:00Z', 1 + 8 + 1],
    ['backwards', '2026-03-03T09:00Z', '2026-03-02T09:00Z', 0],
  ])('%s: %s to %s', (_what, from, to, hours) => {
    expect(createCalendar(office()).between(at(from), at(to))).toBe(hours * HOUR_MS)
  })

  test('a holiday named twice, or on a Sunday, closes no more than once', () => {
    const holidays = ['2026-12-25', '2026-12-25', '2026-12-27']
    const week = [at('2026-12-21T00:00Z'), at('2026-12-28T00:00Z')] as const
    expect(createCalendar(office({ holidays })).between(...week)).toBe(4 * 8 * HOUR_MS)
  })

  const JUMPS: [zone: string, around: string][] = [
    ['Europe/Berlin', '2026-03-29'],
    ['Europe/Berlin', '2026-10-25'],
    ['America/New_York', '2026-03-08'],
    ['America/New_York', '2026-11-01'],
    ['Australia/Lord_Howe', '2026-04-05'],
    ['Australia/Lord_Howe', '2026-10-04'],
    ['America/Havana', '2026-03-08'],
    ['Asia/Kolkata', '2026-06-01'],
    ['Pacific/Chatham', '2026-09-27'],
  ]

  test.each(JUMPS)('%s around %s, minute by minute', (zone, around) => {
    const settings = nights(zone)
    const calendar = createCalendar(settings)
    const start = at(`${around}T00:00Z`) - DAY_MS
    fc.assert(
      fc.property(fc.nat(3 * 24 * 60), fc.nat(24 * 60), (offset, length) => {
        const from = start + offset * MINUTE_MS
        const to = from + length * MINUTE_MS
        expect(calendar.between(from, to)).toBe(countMinutes(settings, from, to))
      }),
      { numRuns: 40 },
    )
  })

  const instant = fc.integer({ min: at('2027-12-01T00:00Z'), max: at('2028-12-31T00:00Z') })
  const zones = fc.constantFrom('Europe/Berlin', 'America/St_Johns', 'Pacific/Apia', 'UTC')
  const made = new Map<string, ReturnType<typeof createCalendar>>()
  /** Made once: a calendar remembers its days, which is what makes it fast. */
  const calendarOf = (timeZone: string, holidays: string[]) => {
    const key = `${timeZone} ${[...new Set(holidays)].sort()}`
    const calendar = made.get(key) ?? createCalendar(office({ timeZone, holidays }))
    made.set(key, calendar)
    return calendar
  }
  const calendars = fc
    .tuple(zones, fc.array(fc.constantFrom('2028-01-03', '2028-02-29', '2028-10-30')))
    .map(([timeZone, holidays]) => calendarOf(timeZone, holidays))

  test('time adds up, whatever the instant between', () => {
    fc.assert(
      fc.property(calendars, fc.tuple(instant, instant, instant), (calendar, instants) => {
        const [a, b, c] = instants.sort((x, y) => x - y) as [number, number, number]
        expect(calendar.between(a, b) + calendar.between(b, c)).toBe(calendar.between(a, c))
        expect(calendar.between(a, c)).toBeLessThanOrEqual(c - a)
      }),
      { numRuns: 60 },
    )
  })

  test('after is the inverse of between, and not a millisecond late', () => {
    fc.assert(
      fc.property(
        calendars,
        instant,
        fc.integer({ min: 1, max: 400 * HOUR_MS }),
        (calendar, from, amount) => {
          const due = calendar.after(from, amount)!
          expect(calendar.between(from, due)).toBe(amount)
          expect(calendar.between(from, due - 1)).toBe(amount - 1)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('an office that never opens never comes to an end', () => {
    expect(createCalendar(office({ week: {} })).after(0, 1)).toBeUndefined()
  })

  test.each([
    [{ timeZone: 'Mars/Olympus' }],
    [{ holidays: ['2026-02-30'] }],
    [{ week: { mon: [['09:00', '08:00']] } }],
    [{ week: { mon: [['09:00', '25:00']] } }],
    [
      {
        week: {
          mon: [
            ['08:00', '12:00'],
            ['11:00', '13:00'],
          ],
        },
      },
    ],
  ] as [Partial<CalendarSettings>][])('%j is refused', (wrong) => {
    expect(() => createCalendar(office(wrong))).toThrow(RangeError)
  })
})
