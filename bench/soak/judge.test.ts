// The soak's judgement: it sees growth beneath noise, and does not see any where there is none.
import { describe, expect, test } from 'vitest'
import { judge, type Line, type Look, lineOf } from './judge.ts'

const HOUR = 3_600
const LOOKS = 720

/** Seeded, in -1..1. */
const noise = (seed: number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state / 2 ** 32) * 2 - 1
  }
}

/** A heap of 400 MiB that rises by 60 and is collected, with noise, and `leak` MiB an hour. */
const heap = (leak: number, seed: number, hours = 1): Look[] => {
  const next = noise(seed)
  return Array.from({ length: LOOKS }, (_, index) => {
    const seconds = (index * hours * HOUR) / LOOKS
    const saw = ((index * 7) % 41) * (60 / 41)
    return { seconds, value: 400 + saw + 15 * next() + (leak * seconds) / HOUR }
  })
}

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1)
const verdicts = (leak: number, perHourMax: number, hours?: number) =>
  SEEDS.map((seed) => judge(lineOf(heap(leak, seed, hours)), perHourMax))

describe('a line', () => {
  test('has the slope of what has one', () => {
    const looks = [0, 1, 2, 3, 4, 5].map((index) => ({ seconds: index * 600, value: 7 + index }))
    expect(lineOf(looks).perHour).toBeCloseTo(6)
    expect(lineOf(looks).error).toBeCloseTo(0)
  })

  test('through noise is off by more than two errors once in twenty times, not once in two', () => {
    const off = SEEDS.filter((seed) => {
      const { perHour, error } = lineOf(heap(100, seed))
      return Math.abs(perHour - 100) > 2 * error
    })
    expect(off.length).toBeLessThanOrEqual(6)
  })

  test('is none through three looks, or through what is no number', () => {
    expect(lineOf([0, 1, 2].map((seconds) => ({ seconds, value: 1 }))).perHour).toBeNaN()
    expect(
      lineOf(Array.from({ length: 9 }, () => ({ seconds: 0, value: Number.NaN }))).error,
    ).toBeNaN()
  })
})

describe('the judgement of an hour', () => {
  test('of a heap that does not grow is flat', () => {
    expect(new Set(verdicts(0, 64))).toEqual(new Set(['flat']))
  })

  test('of one that leaks 200 MiB an hour beneath its noise is that it grows', () => {
    expect(new Set(verdicts(200, 64))).toEqual(new Set(['grows']))
  })

  test('of one that shrinks is flat', () => {
    expect(new Set(verdicts(-200, 64))).toEqual(new Set(['flat']))
  })
})

test('half a minute cannot tell 100 MiB an hour from none, and does not pretend to', () => {
  expect(verdicts(100, 64, 1 / 120)).not.toContain('grows')
  expect(
    verdicts(0, 64, 1 / 120).filter((verdict) => verdict === 'undecided').length,
  ).toBeGreaterThan(20)
})

test.each<[Line, string]>([
  [{ perHour: 10, error: 1 }, 'flat'],
  [{ perHour: 10, error: 30 }, 'undecided'],
  [{ perHour: 90, error: 30 }, 'undecided'],
  [{ perHour: 90, error: 10 }, 'grows'],
  [{ perHour: Number.NaN, error: Number.NaN }, 'undecided'],
])('%j beside a limit of 64 is %s', (line, verdict) => {
  expect(judge(line, 64)).toBe(verdict)
})
