// When the next sign of life is due, also where clocks are put forward and back.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, isoTime, MINUTE_MS } from '../../domain/time.ts'
import { createSchedule } from './schedule.ts'

const cron = (expression: string, timeZone = 'Europe/Berlin') =>
  createSchedule({ kind: 'cron', expression, timeZone })
const onCalendar = (expression: string, timeZone = 'Europe/Berlin') =>
  createSchedule({ kind: 'on-calendar', expression, timeZone })

const nextOf = (schedule: ReturnType<typeof cron>, after: string): string => {
  const next = schedule.nextDue(Date.parse(after))
  return Number.isFinite(next) ? isoTime(next).slice(0, 16) : 'never'
}

describe('a schedule', () => {
  test.each([
    ['a daily job, in winter', cron('30 2 * * *'), '2026-01-10T12:00Z', '2026-01-11T01:30'],
    ['in summer', cron('30 2 * * *'), '2026-07-10T12:00Z', '2026-07-11T00:30'],
    // 29 March 2026, 02:00 becomes 03:00: half past two does not exist.
    [
      'in the hour that is skipped it is due once it is over',
      cron('30 2 * * *'),
      '2026-03-28T12:00Z',
      '2026-03-29T01:00',
    ],
    ['and the next day as ever', cron('30 2 * * *'), '2026-03-29T01:00Z', '2026-03-30T00:30'],
    // 25 October 2026, 03:00 becomes 02:00: half past two comes twice.
    [
      'in the hour that comes twice it is due the first time',
      cron('30 2 * * *'),
      '2026-10-24T12:00Z',
      '2026-10-25T00:30',
    ],
    ['and not the second', cron('30 2 * * *'), '2026-10-25T00:30Z', '2026-10-26T01:30'],
    ['an hourly job is due in both', cron('0 * * * *'), '2026-10-25T00:00Z', '2026-10-25T01:00'],
    ['and is skipped with the hour', cron('15 * * * *'), '2026-03-29T00:15Z', '2026-03-29T01:15'],
    [
      'days of month or of week',
      cron('0 0 13 * 5', 'UTC'),
      '2026-11-10T00:00Z',
      '2026-11-13T00:00',
    ],
    ['seconds first', cron('30 0 0 * * *', 'UTC'), '2026-11-10T00:00:30Z', '2026-11-11T00:00'],
    [
      'OnCalendar wants both days to fit',
      onCalendar('Fri *-*-13'),
      '2026-11-14T00:00Z',
      '2027-08-12T22:00',
    ],
    [
      'the last day of a month',
      onCalendar('*-*~01 12:00', 'UTC'),
      '2026-02-03T00:00Z',
      '2026-02-28T12:00',
    ],
    ['a leap day', onCalendar('*-02-29', 'UTC'), '2026-02-03T00:00Z', '2028-02-29T00:00'],
    ['a year that is over', onCalendar('2025-01-01', 'UTC'), '2026-02-03T00:00Z', 'never'],
    [
      'the zone of a line goes before its own',
      onCalendar('12:00 Asia/Tokyo'),
      '2026-02-03T00:00Z',
      '2026-02-03T03:00',
    ],
    ['what cannot be read is never due', cron('every day'), '2026-02-03T00:00Z', 'never'],
    ['nor in a zone that is none', cron('0 0 * * *', 'Mars/Base'), '2026-02-03T00:00Z', 'never'],
  ])('%s', (_, schedule, after, next) => {
    expect(nextOf(schedule, after)).toBe(next)
  })

  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  ]
  const anyTime = fc.integer({ min: Date.parse('2025-01-01'), max: Date.parse('2030-01-01') })

  test('is always due later than before, and a later moment is never due sooner', () => {
    fc.assert(
      fc.property(
        anyTime,
        fc.integer({ min: 0, max: 3 * DAY_MS }),
        fc.constantFrom('*/15 * * * *', '30 2 * * *', '5 1,2,3 * * 0', '0 0 1 * *'),
        fc.constantFrom(...zones),
        (at, laterMs, expression, zone) => {
          const schedule = cron(expression, zone)
          expect(schedule.nextDue(at)).toBeGreaterThan(at)
          expect(schedule.nextDue(at + laterMs)).toBeGreaterThanOrEqual(schedule.nextDue(at))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('is due once on every local day, whatever the clocks do', () => {
    fc.assert(
      fc.property(
        anyTime,
        fc.integer({ min: 0, max: 24 * 60 - 1 }),
        fc.constantFrom(...zones),
        (at, minute, zone) => {
          const daily = cron(`${minute % 60} ${Math.floor(minute / 60)} * * *`, zone)
          const localDay = new Intl.DateTimeFormat('en-CA', { timeZone: zone })
          const first = daily.nextDue(at)
          const second = daily.nextDue(first)
          expect(second - first).toBeGreaterThanOrEqual(22 * HOUR_MS)
          expect(second - first).toBeLessThanOrEqual(26 * HOUR_MS)
          const nextDay = Date.parse(localDay.format(first)) + DAY_MS
          expect(Date.parse(localDay.format(second))).toBe(nextDay)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('a period is a period', () => {
    const schedule = createSchedule({ kind: 'period', periodMs: 5 * MINUTE_MS })
    expect(schedule.nextDue(1_000)).toBe(1_000 + 5 * MINUTE_MS)
  })
})
