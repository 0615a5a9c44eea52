// Recurring windows: cron on a wall clock, durations in elapsed time, through changes of the clock.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, isoTime, MINUTE_MS } from '../../domain/time.ts'
import { recurrenceFault, type Series, spansAfter } from './recurrence.ts'

const FOREVER = Date.UTC(9999, 11, 31)

const series = (cron: string, over: Partial<Series> = {}): Series => ({
  cron,
  timeZone: 'Europe/Berlin',
  durationMs: HOUR_MS,
  from: Date.UTC(2026, 0, 1),
  to: FOREVER,
  ...over,
})

/** `2026-03-28T01:30 - 02:30`, UTC. */
const shown = (given: Series, after: string, most: number) =>
  spansAfter(given, Date.parse(after), most).map(
    ({ from, to }) => `${isoTime(from).slice(0, 16)} - ${isoTime(to).slice(11, 16)}`,
  )

describe('a recurring window', () => {
  test.each([
    [
      'nightly, over the start of summer time: what the clock skips happens right after',
      series('30 2 * * *'),
      '2026-03-28T00:00:00Z',
      ['2026-03-28T01:30 - 02:30', '2026-03-29T01:00 - 02:00', '2026-03-30T00:30 - 01:30'],
    ],
    [
      'nightly, over the end of summer time: what the clock shows twice happens once',
      series('30 2 * * *'),
      '2026-10-24T00:00:00Z',
      ['2026-10-24T00:30 - 01:30', '2026-10-25T00:30 - 01:30', '2026-10-26T01:30 - 02:30'],
    ],
    [
      'a duration is elapsed time, also across the change',
      series('0 1 * * SUN', { durationMs: 4 * HOUR_MS }),
      '2026-03-29T00:00:00Z',
      ['2026-03-29T00:00 - 04:00', '2026-04-04T23:00 - 03:00'],
    ],
    [
      'weekly on the wall clock of its zone, seen in UTC',
      series('0 22 * * SAT', { timeZone: 'America/New_York' }),
      '2026-03-01T00:00:00Z',
      ['2026-03-01T03:00 - 04:00', '2026-03-08T03:00 - 04:00', '2026-03-15T02:00 - 03:00'],
    ],
    [
      'one that has begun is still there',
      series('0 12 * * *', { timeZone: 'UTC' }),
      '2026-05-01T12:59:59Z',
      ['2026-05-01T12:00 - 13:00', '2026-05-02T12:00 - 13:00'],
    ],
    [
      'one that has ended is not: the end is exclusive',
      series('0 12 * * *', { timeZone: 'UTC' }),
      '2026-05-01T13:00:00Z',
      ['2026-05-02T12:00 - 13:00'],
    ],
    [
      'nothing before the series begins or after it ends, and its end cuts the last',
      series('0 12 * * *', {
        timeZone: 'UTC',
        from: Date.UTC(2026, 4, 2),
        to: Date.UTC(2026, 4, 3, 12, 30),
      }),
      '2026-05-01T00:00:00Z',
      ['2026-05-02T12:00 - 13:00', '2026-05-03T12:00 - 12:30'],
    ],
    [
      'occurrences that touch or overlap are one',
      series('0 */6 * * *', {
        timeZone: 'UTC',
        durationMs: 6 * HOUR_MS,
        to: Date.UTC(2026, 0, 2),
      }),
      '2026-01-01T00:00:00Z',
      ['2026-01-01T00:00 - 00:00'],
    ],
  ])('%s', (_what, given, after, expected) => {
    expect(shown(given, after, expected.length)).toEqual(expected)
  })

  test('spans ascend, lie apart and inside the series, and end after the instant asked for', () => {
    const part = (most: number) => fc.oneof(fc.constant('*'), fc.integer({ min: 0, max: most }))
    const anySeries = fc.record({
      cron: fc
        .tuple(part(59), part(23), fc.oneof(fc.constant('*'), fc.constantFrom('MON', 'SAT,SUN')))
        .map(([minute, hour, weekday]) => `${minute} ${hour} * * ${weekday}`),
      timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
      durationMs: fc.integer({ min: MINUTE_MS, max: 3 * DAY_MS }),
      from: fc.constant(Date.UTC(2026, 0, 1)),
      to: fc.integer({ min: Date.UTC(2026, 5, 1), max: Date.UTC(2027, 5, 1) }),
    })
    const instant = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) })
    fc.assert(
      fc.property(anySeries, instant, (given, at) => {
        let before = Number.NEGATIVE_INFINITY
        for (const { from, to } of spansAfter(given, at, 5)) {
          expect(from).toBeGreaterThan(before)
          expect(to).toBeGreaterThan(Math.max(from, at))
          expect(from).toBeGreaterThanOrEqual(given.from)
          expect(to).toBeLessThanOrEqual(given.to)
          before = to
        }
      }),
      { numRuns: 60 },
    )
  })

  test('asking later gives the same occurrences, the past ones left out', () => {
    const nightly = series('30 2 * * *')
    const all = spansAfter(nightly, Date.UTC(2026, 2, 20), 40)
    for (const { from } of all.slice(0, 30))
      expect(spansAfter(nightly, from, 5)).toEqual(all.filter(({ to }) => to > from).slice(0, 5))
  })

  test.each([
    ['30 2 * *', /exactly five/],
    ['* * * * * *', /exactly 5 parts/],
    ['99 * * * *', /minute/],
    ['0 0 30 2 *', /never comes/],
    ['? * * * *', /not known/],
  ])('%s is refused', (cron, why) => {
    expect(recurrenceFault(series(cron), 0)).toMatch(why)
  })

  test('so is a time zone that is none', () => {
    expect(recurrenceFault(series('0 0 * * *', { timeZone: 'Mars/Phobos' }), 0)).toMatch(/Mars/)
    expect(recurrenceFault(series('0 0 * * *'), 0)).toBeUndefined()
  })
})
