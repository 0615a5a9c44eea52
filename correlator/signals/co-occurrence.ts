// Signal: which alert types come in company, from where and with whom; chatter learns not to join.
import { opposite } from '../kinship.ts'
import type { Pair, Signal, SignalContext } from './signal.ts'

/** Beyond these, company says no more; below the first, the lonelier of two types says it all. */
const LONELY = -1.5
const LONELIEST = -3.5
const SOCIABLE = 1

const bounded = (odds: number): number => Math.min(SOCIABLE, Math.max(LONELY, odds))
const loneliness = (odds: number): number => Math.min(0, Math.max(LONELIEST, odds) - LONELY)

const parts = ({ alert, other, relation }: Pair, { knowledge, settings }: SignalContext) => {
  const { weights } = settings
  const { at } = alert
  const my = knowledge.company(alert.type, 'none', at)
  const its = knowledge.company(other.type, 'none', at)
  const onSide = relation !== 'none'
  const mySide = onSide ? knowledge.company(alert.type, relation, at) : 0
  const itsSide = onSide ? knowledge.company(other.type, opposite(relation), at) : 0
  const of = relation === 'same' ? weights.companySame : weights.companyElse
  const mine = of.mine * bounded(my) + of.mineSide * bounded(mySide)
  const others = of.others * bounded(its) + of.othersSide * bounded(itsSide)
  const lonely =
    of.loner * Math.min(loneliness(my), loneliness(its)) +
    of.lonerSide * Math.min(loneliness(mySide), loneliness(itsSide))
  const { lift, times } = knowledge.lift(alert.type, other.type, at)
  const pair = weights.lift * Math.min(weights.liftMax, Math.max(-weights.liftMax, Math.log(lift)))
  return { mine, others, lonely, pair, times }
}

export const coOccurrence: Signal = {
  name: 'co-occurrence',
  weigh: (pair, context) => {
    if (pair.sameCondition) return context.settings.weights.sameCondition
    const { mine, others, lonely, pair: together } = parts(pair, context)
    return mine + others + lonely + together
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
