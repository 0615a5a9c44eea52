// Teaches the knowledge from settled alerts: which types come in company, beyond chance.
import { MINUTE_MS, type Millis, SECOND_MS } from '../domain/time.ts'
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
interface Company {
  readonly relations: ReadonlySet<Relation>
  /** Since the newest before on what its CI needs; undefined where there was none. */
  readonly gapMs: Millis | undefined
}

/** By structure alone, so that what is learned does not feed on the join's own decisions. */
const companyOf = (
  alert: LiveAlert,
  at: Millis,
  others: readonly LiveAlert[],
  context: SignalContext,
): Company => {
  const relations = new Set<Relation>()
  let gapMs: Millis | undefined
  for (const other of others) {
    const { relation, reach, sameCondition } = kinshipOf(alert, other, context.graph, context.kinBy)
    if (sameCondition || relation === 'none') continue
    relations.add(relation).add('none')
    const sinceMs = at - other.at
    if (relation === 'from' && reach?.hops === 1 && sinceMs > 0)
      gapMs = Math.min(gapMs ?? sinceMs, sinceMs)
  }
  return { relations, gapMs }
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
  const seen = companyOf(alert, alert.at, company, context)
  for (const relation of seen.relations) counts.add(alert.at, `s|${relation}|${alert.type}`, 1)
  learnGap('g', seen, 1, alert, context.knowledge)
  for (const shift of CHANCE_SHIFTS_MS) {
    const at = alert.at - shift
    const byChance = companyOf(alert, at, around(at), context)
    const share = 1 / CHANCE_SHIFTS_MS.length
    for (const relation of byChance.relations)
      counts.add(alert.at, `c|${relation}|${alert.type}`, share)
    learnGap('h', byChance, share, alert, context.knowledge)
  }
  learnPartners(alert, company, context)
  learnSubject(alert, context.knowledge)
}

/** The pace at which the scope's incidents grow: steps from CI to CI, and the logs of their gaps. */
const learnGap = (
  key: 'g' | 'h',
  { gapMs }: Company,
  share: number,
  alert: LiveAlert,
  { counts }: Knowledge,
): void => {
  if (gapMs === undefined) return
  counts.add(alert.at, key, share)
  counts.add(alert.at, `${key}|ln`, share * Math.log(1 + gapMs / SECOND_MS))
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
