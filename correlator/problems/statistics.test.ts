// The statistics of a pattern, by hand-computed examples.
import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import { MONDAY } from './problems.fixture.ts'
import { hourOfWeek, statisticsOf } from './statistics.ts'
import { poissonTail } from './surprise.ts'

const WINDOW_MS = 30 * DAY_MS
const days = (...list: number[]) =>
  list.map((day) => ({ openedAt: MONDAY + day * DAY_MS + 9 * HOUR_MS, minutesLost: 20 }))

describe('statistics', () => {
  test.each([
    [MONDAY, 0],
    [MONDAY + 9.5 * HOUR_MS, 9],
    [MONDAY + 6 * DAY_MS + 23 * HOUR_MS, 167],
    [MONDAY - 1, 167],
    [0, 72],
  ])('the hour of the week of %d is %d', (at, hour) => {
    expect(hourOfWeek(at)).toBe(hour)
  })

  test('count, interval, minutes and share of a weekly pattern', () => {
    const statistics = statisticsOf(days(0, 7, 14), undefined, 60, WINDOW_MS)
    expect(statistics).toMatchObject({
      count: 3,
      meanIntervalMs: 7 * DAY_MS,
      minutesLost: 60,
      share: 0.05,
      firstAt: MONDAY + 9 * HOUR_MS,
    })
    expect(statistics.hourOfWeek[9]).toBe(3)
  })

  test('one occurrence has no interval and no trend', () => {
    const { meanIntervalMs, trendPerDay } = statisticsOf(days(3), undefined, 1, WINDOW_MS)
    expect(meanIntervalMs).toBeUndefined()
    expect(trendPerDay).toBe(0)
  })

  test('more each day is a rising trend, fewer each day a falling one', () => {
    const trend = (...list: number[]) =>
      statisticsOf(days(...list), undefined, 9, WINDOW_MS).trendPerDay
    expect(trend(0, 1, 1, 2, 2, 2)).toBe(1)
    expect(trend(0, 0, 0, 1, 1, 2)).toBe(-1)
    expect(trend(0, 1, 2)).toBe(0)
  })

  test('forgotten recurrences stay in the sums', () => {
    const forgotten = { count: 10, minutesLost: 100, firstAt: MONDAY - 90 * DAY_MS }
    const statistics = statisticsOf(days(0, 1), forgotten, 9, WINDOW_MS)
    expect(statistics).toMatchObject({ count: 12, minutesLost: 140, firstAt: forgotten.firstAt })
  })
})

test.each([
  [0, 1.7, 1],
  [1, 0, 0],
  [1, 1, 1 - Math.exp(-1)],
  [3, 1.7, 0.2428],
  [100, 1, 0],
])('P(X >= %d) of a Poisson with mean %f is %f', (times, mean, expected) => {
  expect(poissonTail(times, mean)).toBeCloseTo(expected, 3)
})
