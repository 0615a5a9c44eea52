// The one real clock: wall time at start, carried on by the monotonic clock.
import type { Clock } from '../domain/time.ts'

/**
 * A step of the machine's clock (NTP, a suspended laptop) must not resolve or silence anything:
 * time runs on monotonically and only drifts towards the wall clock, by at most a tenth of the
 * time that passed. A wall clock that is ahead for good is so caught up with, never jumped to.
 */
export const createSystemClock = (
  wall: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): Clock => {
  const DRIFT = 0.1
  let lastMonotonic = monotonic()
  let current = wall()
  return {
    now: () => {
      const monotonicNow = monotonic()
      const elapsed = monotonicNow - lastMonotonic
      lastMonotonic = monotonicNow
      const offset = wall() - (current + elapsed)
      const bound = elapsed * DRIFT
      current += elapsed + Math.max(-bound, Math.min(bound, offset))
      return Math.floor(current)
    },
  }
}
