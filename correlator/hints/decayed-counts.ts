// Counters that fade with a half-life: what was common last year is not common now.
import type { Millis } from '../../domain/time.ts'

export interface DecayedCountsSnapshot {
  readonly epoch: Millis
  readonly entries: readonly (readonly [string, number])[]
}

export interface DecayedCounts {
  add(key: string, at: Millis, amount?: number): void
  /** The count as it stands at `at`. */
  get(key: string, at: Millis): number
  snapshot(): DecayedCountsSnapshot
}

interface DecayedCountsOptions {
  readonly halfLifeMs: number
  /** At this many keys the smallest quarter is forgotten. */
  readonly keysMax: number
}

/** Beyond this many half-lives since the epoch the numbers are brought back to scale. */
const RESCALE_HALF_LIVES = 32
const KEPT_AT_LIMIT = 0.75

/**
 * Forward decay (Cormode et al., ICDE 2009): an addition weighs 2^((at - epoch) / half-life), so
 * that only reading divides and an update stays O(1).
 */
export const createDecayedCounts = (
  { halfLifeMs, keysMax }: DecayedCountsOptions,
  restored?: DecayedCountsSnapshot,
): DecayedCounts => {
  let epoch = restored?.epoch ?? 0
  let counts = new Map<string, number>(restored?.entries ?? [])
  const scale = (at: Millis): number => 2 ** ((at - epoch) / halfLifeMs)

  const rescale = (at: Millis): void => {
    const factor = scale(at)
    epoch = at
    counts = new Map([...counts].map(([key, value]) => [key, value / factor]))
  }

  const forgetSmallest = (): void => {
    const kept = [...counts]
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, Math.floor(keysMax * KEPT_AT_LIMIT))
    counts = new Map(kept)
  }

  return {
    add: (key, at, amount = 1) => {
      if (counts.size === 0) epoch = at
      if (at - epoch > RESCALE_HALF_LIVES * halfLifeMs) rescale(at)
      const known = counts.get(key)
      if (known === undefined && counts.size >= keysMax) forgetSmallest()
      counts.set(key, Math.max(0, (known ?? 0) + amount * scale(at)))
    },
    get: (key, at) => (counts.get(key) ?? 0) / scale(at),
    snapshot: () => ({
      epoch,
      entries: [...counts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
    }),
  }
}
