// Whether an alert type is seen at causes or at symptoms: its words first, closed incidents then.
import type { Millis } from '../../domain/time.ts'
import type { DecayedCounts } from './decayed-counts.ts'
import type { ClosedCell } from './knowledge.ts'
import type { AlertRole, TopologyView } from './types.ts'
import { leaningOf } from './vocabulary.ts'

const CAUSE = 'cause '
const SYMPTOM = 'symptom '
const EVERY_TYPE = ''
/** Observations that a type's words are worth: those made outweigh them soon. */
const PRIOR_STRENGTH = 6
/** Log-odds of the words alone. */
const PRIOR_ODDS = { cause: 1.5, symptom: -0.5, none: 0 } as const
const NEIGHBOURS_MAX = 200

export const roleFrom = (counts: DecayedCounts, name: string, now: Millis): AlertRole => {
  const asCause = counts.get(CAUSE + name, now)
  const asSymptom = counts.get(SYMPTOM + name, now)
  const causes = counts.get(CAUSE + EVERY_TYPE, now) + 1
  const symptoms = counts.get(SYMPTOM + EVERY_TYPE, now) + 1
  const leaning = leaningOf(name)
  const odds = (causes / symptoms) * Math.exp(PRIOR_ODDS[leaning])
  const priorCause = (PRIOR_STRENGTH * odds) / (1 + odds)
  const logOdds =
    Math.log((asCause + priorCause) / (asSymptom + PRIOR_STRENGTH - priorCause)) -
    Math.log(causes / symptoms)
  return { logOdds, asCause, asSymptom, leaning }
}

/**
 * Without asking anybody: a CI that depends on another CI of the same incident shows symptoms; one
 * that others of it depend on, and that depends on none of it, shows causes; the rest say nothing.
 */
export const learnRoles = (
  counts: DecayedCounts,
  cells: readonly ClosedCell[],
  topology: TopologyView,
  now: Millis,
): void => {
  const cis = new Set(cells.map(({ ci }) => ci))
  if (cis.size < 2) return
  const alerts = (neighbours: readonly { readonly ci: string }[]): boolean =>
    neighbours.slice(0, NEIGHBOURS_MAX).some(({ ci }) => cis.has(ci))
  const roles = new Map<string, string>()
  for (const ci of cis) {
    if (alerts(topology.dependencies(ci))) roles.set(ci, SYMPTOM)
    else if (alerts(topology.dependants(ci))) roles.set(ci, CAUSE)
  }
  for (const { ci, name } of cells) {
    const role = roles.get(ci)
    if (role === undefined) continue
    counts.add(role + name, now)
    counts.add(role + EVERY_TYPE, now)
  }
}
