// Teaches the knowledge from settled alerts: which types come in company, beyond chance.
import { MINUTE_MS, type Millis } from '../domain/time.ts'
import type { CandidateIndex } from './candidates.ts'
import { kinshipOf, type Relation } from './kinship.ts'
import { type Knowledge, pairKey } from './knowledge.ts'
import type { LiveAlert } from './live-alert.ts'
import type { SignalContext } from './signals/signal.ts'

/** Company is looked for this long before and after an alert. */
export const COMPANY_MS = 3 * MINUTE_MS
/** The same look at other times tells how much company chance alone brings. */
const CHANCE_SHIFTS_MS = [10 * MINUTE_MS, 20 * MINUTE_MS]
const PARTNERS_MAX = 8
/** By structure alone, so that what is learned does not feed on the join's own decisions. */
const relationsOf = (
  alert: LiveAlert,
  others: readonly LiveAlert[],
  context: SignalContext,
): Set<Relation> => {
  const relations = new Set<Relation>()
  for (const other of others) {
    const { relation, sameCondition } = kinshipOf(alert, other, context.graph, context.kinBy)
    if (!sameCondition && relation !== 'none') relations.add(relation).add('none')
  }
  return relations
}

/** To be called once per alert, when all within COMPANY_MS after it has settled. */
export const learnFrom = (
  alert: LiveAlert,
  index: CandidateIndex,
  context: SignalContext,
): void => {
  const { counts } = context.knowledge
  const around = (at: Millis): readonly LiveAlert[] =>
    index.within(alert, at - COMPANY_MS, at + COMPANY_MS)
  const company = around(alert.at)
  counts.add(alert.at, `n|${alert.type}`, 1)
  counts.add(alert.at, `a|${alert.source}`, 1)
  for (const relation of relationsOf(alert, company, context))
    counts.add(alert.at, `s|${relation}|${alert.type}`, 1)
  for (const shift of CHANCE_SHIFTS_MS)
    for (const relation of relationsOf(alert, around(alert.at - shift), context))
      counts.add(alert.at, `c|${relation}|${alert.type}`, 1 / CHANCE_SHIFTS_MS.length)
  learnPartners(alert, company, context)
  learnSubject(alert, context.knowledge)
}

const learnPartners = (
  alert: LiveAlert,
  company: readonly LiveAlert[],
  context: SignalContext,
): void => {
  const { counts } = context.knowledge
  const partners = new Set<string>()
  for (const other of company) {
    if (other.at >= alert.at || partners.size >= PARTNERS_MAX) continue
    const { relation, sameCondition } = kinshipOf(alert, other, context.graph, context.kinBy)
    if (relation !== 'none' && !sameCondition) partners.add(other.type)
  }
  for (const type of partners) {
    counts.add(alert.at, pairKey(alert.type, type), 1)
    counts.add(alert.at, `m|${alert.type}`, 1)
    counts.add(alert.at, `m|${type}`, 1)
    counts.add(alert.at, 'm', 2)
  }
}

/** Counts a CI that the topology does not know, and its tokens, the first time it is seen. */
const learnSubject = (alert: LiveAlert, { counts }: Knowledge): void => {
  const subject = alert.ci ?? alert.fingerprint
  if (alert.node >= 0 || counts.get(alert.at, `d@${subject}`) > 0.5) return
  counts.add(alert.at, `d@${subject}`, 1)
  counts.add(alert.at, 'd', 1)
  for (const token of alert.tokens) counts.add(alert.at, `d|${token}`, 1)
}
