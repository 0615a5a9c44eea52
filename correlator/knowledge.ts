// What past alerts taught about alert types, tokens and sources; read by the signals.
import { DAY_MS, MINUTE_MS, type Millis } from '../domain/time.ts'
import { createEpochCounts, type EpochCounts, type EpochCountsJson } from './epoch-counts.ts'

/** Decision-time readings: the same for one event time, whatever the arrival order was. */
export interface Knowledge {
  /** Share of this type's alerts that come with others near by, beyond chance; 0 to 1. */
  sociability(name: string, at: Millis): Sociability
  /** How much oftener two types come together than by chance; 1 = by chance. */
  lift(one: string, other: string, at: Millis): { readonly lift: number; readonly times: number }
  /** ln(CIs seen / CIs that carry the token). */
  rarity(token: string, at: Millis): number
  /** False until the source has been seen to resolve anything. */
  resolves(source: string, at: Millis): boolean
  readonly counts: EpochCounts
}

export interface Sociability {
  readonly share: number
  readonly alerts: number
}

/** What a new type is taken for: this many alerts with this share in company. */
const PRIOR_ALERTS = 3
const PRIOR_SHARE = 0.7
const LIFT_PRIOR = 1.5

export const KNOWLEDGE_EPOCH_MS = 10 * MINUTE_MS
const HALF_LIFE_MS = 21 * DAY_MS
const KEYS_MAX = 200_000

export const pairKey = (one: string, other: string): string =>
  one < other ? `p|${one}|${other}` : `p|${other}|${one}`

export const createKnowledge = (from?: EpochCountsJson): Knowledge => {
  const counts = createEpochCounts(
    { epochMs: KNOWLEDGE_EPOCH_MS, halfLifeMs: HALF_LIFE_MS, keysMax: KEYS_MAX },
    from,
  )
  return {
    counts,
    sociability: (name, at) => {
      const alerts = counts.get(at, `n|${name}`)
      const inCompany =
        (counts.get(at, `s|${name}`) + PRIOR_ALERTS * PRIOR_SHARE) / (alerts + PRIOR_ALERTS)
      const byChance = counts.get(at, `c|${name}`) / (alerts + PRIOR_ALERTS)
      const share = Math.max(0, inCompany - byChance) / Math.max(0.05, 1 - byChance)
      return { share, alerts }
    },
    lift: (one, other, at) => {
      const times = counts.get(at, pairKey(one, other))
      const all = counts.get(at, 'm')
      if (all === 0) return { lift: 1, times: 0 }
      const expected = (counts.get(at, `m|${one}`) * counts.get(at, `m|${other}`)) / all
      return { lift: (times + LIFT_PRIOR) / (expected + LIFT_PRIOR), times }
    },
    rarity: (token, at) => {
      const all = counts.get(at, 'd')
      return Math.log((all + 2) / (counts.get(at, `d|${token}`) + 1))
    },
    resolves: (source, at) => counts.get(at, `r|${source}`) > 0,
  }
}
