// The clock's rule: the machine's time may step, the log's time may not.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR_MS, SECOND_MS } from '../domain/time.ts'
import { createSystemClock } from './clock.ts'

const machine = (startAt: number) => {
  const state = { wall: startAt, monotonic: 0 }
  const clock = createSystemClock(
    () => state.wall,
    () => state.monotonic,
  )
  const pass = (ms: number): void => {
    state.wall += ms
    state.monotonic += ms
  }
  return { clock, state, pass }
}

describe('the system clock', () => {
  test('follows the wall clock while it behaves', () => {
    const { clock, pass, state } = machine(1_000_000)
    for (let i = 0; i < 100; i++) {
      pass(37)
      expect(clock.now()).toBe(state.wall)
    }
  })

  test.each([HOUR_MS, -HOUR_MS])('a step of %d ms moves it by less than a second', (step) => {
    const { clock, pass, state } = machine(1_000_000_000)
    pass(SECOND_MS)
    const before = clock.now()
    state.wall += step
    pass(SECOND_MS)
    const moved = clock.now() - before
    expect(moved).toBeGreaterThan(0)
    expect(moved).toBeLessThanOrEqual(1.1 * SECOND_MS)
  })

  test('catches up with a wall clock that stays ahead', () => {
    const { clock, pass, state } = machine(0)
    state.wall += 10 * SECOND_MS
    for (let i = 0; i < 200; i++) {
      pass(SECOND_MS)
      clock.now()
    }
    expect(clock.now()).toBe(state.wall)
  })

  test('never goes back, whatever the wall clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: -1e7, max: 1e7 }))),
        (steps) => {
          const { clock, pass, state } = machine(1e12)
          let previous = clock.now()
          for (const [elapsed, step] of steps) {
            pass(elapsed)
            state.wall += step
            const now = clock.now()
            expect(now).toBeGreaterThanOrEqual(previous)
            previous = now
          }
        },
      ),
    )
  })
})
