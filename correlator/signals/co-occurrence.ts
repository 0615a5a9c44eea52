// Signal: which alert types come in company and with whom; chatter learns not to join.

import type { Sociability } from '../knowledge.ts'
import type { SignalWeights } from '../settings.ts'
import type { Pair, Signal, SignalContext } from './signal.ts'

const logit = (share: number): number => Math.log(share / (1 - share))

export const sociabilityLogOdds = ({ share }: Sociability, weights: SignalWeights): number => {
  const kept = Math.min(0.98, Math.max(0.01, share))
  return Math.min(weights.sociabilityMax, Math.max(weights.sociabilityMin, logit(kept)))
}

const parts = ({ alert, other }: Pair, { knowledge, settings }: SignalContext) => {
  const { weights } = settings
  const mine = sociabilityLogOdds(knowledge.sociability(alert.name, alert.at), weights)
  const others = sociabilityLogOdds(knowledge.sociability(other.name, alert.at), weights)
  const { lift, times } = knowledge.lift(alert.name, other.name, alert.at)
  const pair = Math.min(weights.pairMax, Math.max(-weights.pairMax, Math.log(lift)))
  return { mine, others, pair, times }
}

export const coOccurrence: Signal = {
  name: 'co-occurrence',
  weigh: (pair, context) => {
    const { mine, others, pair: together } = parts(pair, context)
    return mine + others + together
  },
  explain: (pair, context) => {
    const { mine, others, times } = parts(pair, context)
    const loner = mine < others ? pair.alert.name : pair.other.name
    if (Math.min(mine, others) < 0) return `${loner} usually comes alone.`
    if (times >= 1)
      return `${pair.alert.name} and ${pair.other.name} came together ${Math.round(times)} times before.`
    return `Both are alert types that usually come in company.`
  },
}
