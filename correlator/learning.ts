// Teaches the knowledge from settled alerts: which types come in company, beyond chance.
import { MINUTE_MS, type Millis } from '../domain/time.ts'
import type { CandidateIndex } from './candidates.ts'
import { pairOf } from './join.ts'
import { type Knowledge, pairKey } from './knowledge.ts'
import type { LiveAlert } from './live-alert.ts'
import type { SignalContext } from './signals/signal.ts'

/** Company is looked for this long before and after an alert. */
export const COMPANY_MS = 3 * MINUTE_MS
/** The same look at other times tells how much company chance alone brings. */
const CHANCE_SHIFTS_MS = [20 * MINUTE_MS, 40 * MINUTE_MS]
const PARTNERS_MAX = 8
/** A token is kin enough where the topology is silent: one in this many CIs or fewer carries it. */
const KIN_RARITY = Math.log(6)

/** Near by structure alone, so that what is learned does not feed on the join's own decisions. */
const isNear = (alert: LiveAlert, other: LiveAlert, context: SignalContext): boolean => {
  if (other.fingerprint === alert.fingerprint) return false
  const { sameCi, reach } = pairOf(alert, other, context)
  if (sameCi) return other.name !== alert.name
  if (reach !== undefined) return reach.hops === 1 || (reach.hops === 2 && !reach.turns)
  if (alert.node >= 0 && other.node >= 0) return false
  return alert.tokens.some(
    (token) => other.tokens.includes(token) && context.rarity(token, alert.at) >= KIN_RARITY,
  )
}

/** To be called once per alert, when all within COMPANY_MS after it has settled. */
export const learnFrom = (
  alert: LiveAlert,
  index: CandidateIndex,
  context: SignalContext,
): void => {
  const { knowledge } = context
  const { counts } = knowledge
  const near = (from: Millis, to: Millis): LiveAlert[] =>
    index.within(alert, from, to).filter((other) => isNear(alert, other, context))
  const company = near(alert.at - COMPANY_MS, alert.at + COMPANY_MS)
  let chance = 0
  for (const shift of CHANCE_SHIFTS_MS) {
    const at = alert.at - shift
    if (near(at - COMPANY_MS, at + COMPANY_MS).length > 0) chance += 1 / CHANCE_SHIFTS_MS.length
  }
  counts.add(alert.at, `n|${alert.name}`, 1)
  if (company.length > 0) counts.add(alert.at, `s|${alert.name}`, 1)
  if (chance > 0) counts.add(alert.at, `c|${alert.name}`, chance)
  learnPartners(alert, company, knowledge)
  learnSubject(alert, knowledge)
}

const learnPartners = (
  alert: LiveAlert,
  company: readonly LiveAlert[],
  { counts }: Knowledge,
): void => {
  const partners = new Set<string>()
  for (const other of company)
    if (other.at < alert.at && partners.size < PARTNERS_MAX) partners.add(other.name)
  for (const name of partners) {
    counts.add(alert.at, pairKey(alert.name, name), 1)
    counts.add(alert.at, `m|${alert.name}`, 1)
    counts.add(alert.at, `m|${name}`, 1)
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
