// Counts who else suffers: distinct CIs near in time that need what a new alert's CI needs, or it.
import type { Millis } from '../domain/time.ts'
import type { BarePair } from './signals/signal.ts'

export interface Witnesses {
  /** How many CIs speak for the way that this pair takes, its own other CI among them. */
  of(pair: BarePair): number
}

/** More say no more. */
const WITNESSES_MAX = 16

/**
 * @param pairs the new alert beside each of its candidates
 * @param withinMs what alerted longer before does not count
 */
export const createWitnesses = (pairs: Iterable<BarePair>, withinMs: Millis): Witnesses => {
  /** CIs below a common cause, by the cause. */
  const beside = new Map<number, Set<string>>()
  const below = new Set<string>()
  /** CIs that carry a rare word, by the word. */
  const kin = new Map<string, Set<string>>()
  for (const { other, relation, reach, kinBy, gapMs } of pairs) {
    if (gapMs > withinMs || other.ci === undefined || other.stormed) continue
    if (kinBy !== undefined) addTo(kin, kinBy, other.ci)
    else if (relation === 'to' && reach?.hops === 1) below.add(other.ci)
    else if (relation === 'beside' && reach?.hops === 2) addTo(beside, reach.turn, other.ci)
  }
  const count = ({ other, relation, reach, kinBy }: BarePair): number => {
    if (kinBy !== undefined) return kin.get(kinBy)?.size ?? 0
    if (reach === undefined) return 0
    if (relation === 'beside') return reach.hops === 2 ? (beside.get(reach.turn)?.size ?? 0) : 0
    if (reach.hops > 1) return 0
    return relation === 'from' ? (beside.get(other.node)?.size ?? 0) : below.size
  }
  return { of: (pair) => Math.min(WITNESSES_MAX, count(pair)) }
}

const addTo = <K>(sets: Map<K, Set<string>>, key: K, ci: string): void => {
  const known = sets.get(key)
  if (known === undefined) sets.set(key, new Set([ci]))
  else known.add(ci)
}
