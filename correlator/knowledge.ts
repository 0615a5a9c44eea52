// What past alerts taught about alert types, tokens and sources; read by the signals.
import { DAY_MS, MINUTE_MS, type Millis } from '../domain/time.ts'
import { createEpochCounts, type EpochCounts, type EpochCountsJson } from './epoch-counts.ts'
import type { Relation } from './kinship.ts'

/** Decision-time readings: the same for one event time, whatever the arrival order was. */
export interface Knowledge {
  /**
   * Log of how much oftener than a type not yet known this one comes with another that stands to
   * it so, beyond chance. Negative: it usually comes without.
   */
  company(type: string, relation: Relation, at: Millis): number
  /** How much oftener two types come together than by chance; 1 = by chance. */
  lift(one: string, other: string, at: Millis): { readonly lift: number; readonly times: number }
  /** How often alerts of any types came together. */
  companySeen(at: Millis): number
  /**
   * How much slower than usual incidents grow in this scope: 2 = effects follow after twice the
   * usual gap.
   */
  pace(at: Millis): number
  /** New alerts of the type on an average day. */
  perDay(type: string, at: Millis): number
  /** CIs seen that the topology does not know, and those of them that carry the token. */
  cisSeen(at: Millis): number
  cisWith(token: string, at: Millis): number
  /** True once the source has sent enough alerts and never a resolve. */
  neverResolves(source: string, at: Millis): boolean
  readonly counts: EpochCounts
}

/** What a type not yet known is taken for: a few alerts with these shares in company. */
const PRIOR_ALERTS = 3
const PRIOR_SHARE: Record<Relation, number> = {
  same: 0.4,
  from: 0.3,
  to: 0.3,
  beside: 0.15,
  kin: 0.3,
  none: 0.6,
}
const SHARE_MIN = 0.01
const LIFT_PRIOR = 1.5

/** Until so many steps from CI to CI were seen, the usual gap weighs more than what was seen. */
const PACE_PRIOR = 150
/** Mean log of the gap in seconds, as measured where the curves of the time gap were fitted. */
const USUAL_LOG_GAP = 3.5
/** Only gaps within COMPANY_MS are seen, so a mean that is off by this is off by more. */
const PACE_GAIN = 2
/** So little, in nats, is chance. */
const PACE_DOUBT = 0.25

export const KNOWLEDGE_EPOCH_MS = 10 * MINUTE_MS
const HALF_LIFE_MS = 21 * DAY_MS
const KEYS_MAX = 200_000
/** So many alerts without one resolve: the source sends none. */
const ENOUGH_ALERTS = 20
const EPOCHS_AT_HAND = 2
const MEMO_MAX = 50_000

export const pairKey = (one: string, other: string): string =>
  one < other ? `p|${one}|${other}` : `p|${other}|${one}`

export const createKnowledge = (from?: EpochCountsJson): Knowledge => {
  const counts = createEpochCounts(
    { epochMs: KNOWLEDGE_EPOCH_MS, halfLifeMs: HALF_LIFE_MS, keysMax: KEYS_MAX },
    from,
  )
  const company = memoised((at, type, relation) => {
    const prior = PRIOR_SHARE[relation as Relation]
    const alerts = counts.get(at, `n|${type}`) + PRIOR_ALERTS
    const inCompany = (counts.get(at, `s|${relation}|${type}`) + PRIOR_ALERTS * prior) / alerts
    const byChance = counts.get(at, `c|${relation}|${type}`) / alerts
    const share = (inCompany - byChance) / Math.max(0.05, 1 - byChance)
    return Math.log(Math.max(SHARE_MIN, share) / prior)
  })
  const lift = memoised((at, one, other) => {
    const times = counts.get(at, pairKey(one, other))
    const all = counts.get(at, 'm')
    if (all === 0) return { lift: 1, times: 0 }
    const expected = (counts.get(at, `m|${one}`) * counts.get(at, `m|${other}`)) / all
    return { lift: (times + LIFT_PRIOR) / (expected + LIFT_PRIOR), times }
  })
  const pace = memoised((at) => {
    const more = (seen: string, byChance: string): number =>
      Math.max(0, counts.get(at, seen) - counts.get(at, byChance))
    const steps = more('g', 'h')
    const logGap = (more('g|ln', 'h|ln') + PACE_PRIOR * USUAL_LOG_GAP) / (steps + PACE_PRIOR)
    const off = PACE_GAIN * (logGap - USUAL_LOG_GAP)
    return Math.exp(Math.sign(off) * Math.max(0, Math.abs(off) - PACE_DOUBT))
  })
  const counted = memoised((at, key, kind) => counts.get(at, kind + key))
  return {
    counts,
    company: (type, relation, at) => company(at, type, relation),
    lift: (one, other, at) => lift(at, one, other),
    companySeen: (at) => counted(at, 'm', '') / 2,
    pace: (at) => pace(at, '', ''),
    perDay: (type, at) => counted(at, type, 'n|') / counts.days(at),
    cisSeen: (at) => counted(at, 'd', ''),
    cisWith: (token, at) => counted(at, token, 'd|'),
    neverResolves: (source, at) =>
      counts.get(at, `r|${source}`) === 0 && counts.get(at, `a|${source}`) >= ENOUGH_ALERTS,
  }
}

/**
 * Remembers readings for the epochs at hand: within one epoch they do not change, and every pair
 * of alerts asks for them.
 */
const memoised = <V>(
  read: (at: Millis, one: string, other: string) => V,
): ((at: Millis, one: string, other: string) => V) => {
  const epochs = new Map<number, Map<string, Map<string, V>>>()
  return (at, one, other) => {
    const epoch = Math.floor(at / KNOWLEDGE_EPOCH_MS)
    let byOne = epochs.get(epoch)
    if (byOne === undefined) {
      for (const old of epochs.keys()) if (old < epoch - EPOCHS_AT_HAND) epochs.delete(old)
      byOne = new Map()
      epochs.set(epoch, byOne)
    }
    let byOther = byOne.get(one)
    if (byOther === undefined) {
      if (byOne.size >= MEMO_MAX) byOne.clear()
      byOther = new Map()
      byOne.set(one, byOther)
    }
    let value = byOther.get(other)
    if (value === undefined) {
      value = read(at, one, other)
      byOther.set(other, value)
    }
    return value
  }
}
