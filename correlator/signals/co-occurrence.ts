// Signal: which alert types come in company, from where and with whom; chatter learns not to join.
import { opposite } from '../kinship.ts'
import type { Pair, Signal, SignalContext } from './signal.ts'

const parts = ({ alert, other, relation }: Pair, { knowledge, settings }: SignalContext) => {
  const { weights } = settings
  const { at } = alert
  const bounded = (odds: number): number =>
    Math.min(weights.companyMax, Math.max(weights.companyMin, odds))
  const mine = weights.company * bounded(knowledge.company(alert.type, relation, at))
  const others = weights.company * bounded(knowledge.company(other.type, opposite(relation), at))
  const { lift, times } = knowledge.lift(alert.type, other.type, at)
  const pair = weights.lift * Math.min(weights.liftMax, Math.max(-weights.liftMax, Math.log(lift)))
  return { mine, others, pair, times }
}

export const coOccurrence: Signal = {
  name: 'co-occurrence',
  weigh: (pair, context) => {
    if (pair.sameCondition) return context.settings.weights.sameCondition
    const { mine, others, pair: together } = parts(pair, context)
    return mine + others + together
  },
  explain: (pair, context) => {
    if (pair.sameCondition)
      return 'It is the same condition, told by another tool or under other labels.'
    const { mine, others, times } = parts(pair, context)
    const loner = mine < others ? pair.alert.name : pair.other.name
    if (Math.min(mine, others) < -0.5) return `${loner} seldom comes in such company.`
    if (times >= 1)
      return `${pair.alert.name} and ${pair.other.name} came together ${Math.round(times)} times before.`
    return 'Both are alert types that come in company.'
  },
}
