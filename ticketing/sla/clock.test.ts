// One service level clock: it counts what it ran, and nothing else.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../domain/time.ts'
import { ALWAYS, createCalendar } from './calendar.ts'
import { elapsed, isRunning, type Run, reaches, read, start, stop } from './clock.ts'

const office = createCalendar({
  timeZone: 'Europe/Berlin',
  week: Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['08:00', '18:00']]]),
  ),
  holidays: ['2026-03-31'],
})
/** The Friday before Berlin's summer time of 2026. */
const FRIDAY = Date.parse('2026-03-27T12:00Z')

/** Starts and stops at growing instants, as tickets make them, doubled ones included. */
const histories = fc
  .array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 30 * HOUR_MS })), { maxLength: 12 })
  .map((steps) => {
    let at = FRIDAY
    let runs: readonly Run[] = []
    for (const [on, later] of steps) {
      at += later
      runs = on ? start(runs, at) : stop(runs, at)
    }
    return { runs, end: at }
  })
const calendars = fc.constantFrom(ALWAYS, office)

describe('a service level clock', () => {
  test('a pause does not count', () => {
    const runs = start(stop(start([], FRIDAY), FRIDAY + HOUR_MS), FRIDAY + 3 * HOUR_MS)
    expect(elapsed(ALWAYS, runs, FRIDAY + 4 * HOUR_MS)).toBe(2 * HOUR_MS)
    expect(reaches(ALWAYS, runs, 3 * HOUR_MS)).toBe(FRIDAY + 5 * HOUR_MS)
  })

  test('the target used up in business time: over the weekend, summer time and a holiday', () => {
    // 4 h are left on Friday (13:00 to 18:00 local is 5), the rest on Monday from 08:00 (06:00Z).
    const reading = read(office, start([], FRIDAY), 8 * HOUR_MS, 0.75, FRIDAY)
    expect(new Date(reading.dueAt!).toISOString()).toBe('2026-03-30T09:00:00.000Z')
    expect(new Date(reading.warnAt!).toISOString()).toBe('2026-03-30T07:00:00.000Z')
  })

  test('used up to the millisecond is kept; one more is a breach', () => {
    const used = (ms: number) => read(ALWAYS, stop(start([], 0), ms), 100, 0.8, 1e6).breached
    expect([used(100), used(101)]).toEqual([false, true])
  })

  test('starting twice or stopping twice is doing it once', () => {
    fc.assert(
      fc.property(histories, ({ runs, end }) => {
        expect(start(start(runs, end), end + 5)).toEqual(start(runs, end))
        expect(stop(stop(runs, end), end + 5)).toEqual(stop(runs, end))
      }),
    )
  })

  test('a ticket paused more often than can be told apart loses no time', () => {
    let runs: readonly Run[] = []
    for (let minute = 0; minute < 2_000; minute += 2) runs = stop(start(runs, minute), minute + 1)
    expect(runs).toHaveLength(500)
    expect(elapsed(ALWAYS, runs, 2_000)).toBe(499 + 1_999 - 998)
  })

  test('what has passed never shrinks, and stands still while the clock does', () => {
    fc.assert(
      fc.property(histories, calendars, fc.nat(50 * HOUR_MS), ({ runs, end }, calendar, later) => {
        const before = elapsed(calendar, runs, end)
        const after = elapsed(calendar, runs, end + later)
        if (isRunning(runs)) expect(after).toBe(before + calendar.between(end, end + later))
        else expect(after).toBe(before)
      }),
    )
  })

  test('at the due instant exactly the target has passed', () => {
    fc.assert(
      fc.property(
        histories,
        calendars,
        fc.integer({ min: 1, max: 99 * HOUR_MS }),
        ({ runs }, calendar, target) => {
          const dueAt = reaches(calendar, runs, target)
          fc.pre(dueAt !== undefined)
          const until = runs
            .filter(({ from }) => from <= dueAt!)
            .map(({ from, to }) => ({ from, to: Math.min(to ?? dueAt!, dueAt!) }))
          expect(elapsed(calendar, until, dueAt!)).toBe(target)
        },
      ),
    )
  })

  test('breached means that the due instant lies in what has run', () => {
    fc.assert(
      fc.property(
        histories,
        calendars,
        fc.integer({ min: 1, max: 60 * HOUR_MS }),
        ({ runs, end }, calendar, target) => {
          const { breached, dueAt } = read(calendar, runs, target, 0.8, end)
          if (breached) expect(dueAt).toBeLessThan(end)
          if (dueAt === undefined) expect(breached).toBe(false)
        },
      ),
    )
  })
})
