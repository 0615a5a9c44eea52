// Decayed counts that decisions may read without their arrival order mattering.
import { DAY_MS, type Millis } from '../domain/time.ts'

/**
 * A decision about time t reads what was counted up to the end of the epoch before t's last, which
 * was complete before t came; so it reads the same however late it is made, or made again.
 */
export interface EpochCounts {
  add(at: Millis, key: string, amount: number): void
  get(at: Millis, key: string): number
  /** Decayed length of the time counted, in days; at least one. */
  days(at: Millis): number
  /** Folds what every decision at or after `undecidedFrom` may read. */
  advance(undecidedFrom: Millis): void
  readonly size: number
  toJSON(): EpochCountsJson
}

export interface EpochCountsJson {
  readonly origin: number
  readonly foldedThrough: number
  readonly base: readonly (readonly [string, number])[]
  readonly pending: readonly (readonly [number, readonly (readonly [string, number])[]])[]
}

export interface EpochCountsSettings {
  readonly epochMs: Millis
  readonly halfLifeMs: Millis
  /** Keys kept; beyond it the faint ones are forgotten, then new ones not counted. */
  readonly keysMax: number
}

const FAINT = 0.05

export const createEpochCounts = (
  { epochMs, halfLifeMs, keysMax }: EpochCountsSettings,
  from?: EpochCountsJson,
): EpochCounts => {
  const base = new Map<string, number>(from?.base)
  const pending = new Map<number, Map<string, number>>(
    from?.pending.map(([epoch, counts]) => [epoch, new Map(counts)]),
  )
  // -1: nothing counted yet. Amounts are kept swollen by their age's inverse, so that no pass over
  // all of them is needed to let them fade.
  let origin = from?.origin ?? -1
  let foldedThrough = from?.foldedThrough ?? -1
  const swelling = (epoch: number): number => 2 ** (((epoch - origin) * epochMs) / halfLifeMs)

  const forgetFaint = (epoch: number): void => {
    const least = FAINT * swelling(epoch)
    for (const [key, amount] of base) if (amount < least) base.delete(key)
  }

  const fold = (epoch: number, counts: ReadonlyMap<string, number>): void => {
    if (base.size + counts.size > keysMax) forgetFaint(epoch)
    for (const [key, amount] of counts) {
      const before = base.get(key)
      if (before !== undefined) base.set(key, before + amount)
      else if (base.size < keysMax) base.set(key, amount)
    }
  }

  return {
    add: (at, key, amount) => {
      const epoch = Math.max(Math.floor(at / epochMs), foldedThrough + 1)
      if (origin < 0) origin = epoch
      let counts = pending.get(epoch)
      if (counts === undefined) {
        counts = new Map()
        pending.set(epoch, counts)
      }
      counts.set(key, (counts.get(key) ?? 0) + amount * swelling(epoch))
    },
    get: (at, key) => {
      let sum = base.get(key) ?? 0
      const epoch = Math.floor(at / epochMs)
      if (pending.size > 0)
        for (const [counted, counts] of pending)
          if (counted <= epoch - 2) sum += counts.get(key) ?? 0
      return sum === 0 ? 0 : sum / swelling(epoch)
    },
    days: (at) => {
      if (origin < 0) return 1
      const lasted = Math.max(0, at - origin * epochMs)
      const halfLives = lasted / halfLifeMs
      return Math.max(1, ((1 - 2 ** -halfLives) * halfLifeMs) / Math.LN2 / DAY_MS)
    },
    advance: (undecidedFrom) => {
      const through = Math.floor(undecidedFrom / epochMs) - 2
      if (through <= foldedThrough) return
      for (const epoch of [...pending.keys()].sort((a, b) => a - b)) {
        if (epoch > through) break
        fold(epoch, pending.get(epoch)!)
        pending.delete(epoch)
      }
      foldedThrough = through
    },
    get size() {
      return base.size
    },
    toJSON: () => ({
      origin,
      foldedThrough,
      base: [...base],
      pending: [...pending].map(([epoch, counts]) => [epoch, [...counts]] as const),
    }),
  }
}
