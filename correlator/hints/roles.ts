// Whether an alert type is seen at causes or at symptoms, learned from closed incidents.
import type { Millis } from '../../domain/time.ts'
import type { DecayedCounts } from './decayed-counts.ts'
import type { ClosedCell } from './knowledge.ts'
import type { AlertRole, TopologyView } from './types.ts'

const CAUSE = 'cause '
const SYMPTOM = 'symptom '
const EVERY_TYPE = ''
/** Pseudo-count: an alert type seen twice proves little. */
const SMOOTHING = 2
const NEIGHBOURS_MAX = 200

export const roleFrom = (counts: DecayedCounts, name: string, now: Millis): AlertRole => {
  const asCause = counts.get(CAUSE + name, now)
  const asSymptom = counts.get(SYMPTOM + name, now)
  const causes = counts.get(CAUSE + EVERY_TYPE, now)
  const symptoms = counts.get(SYMPTOM + EVERY_TYPE, now)
  const share = (causes + 1) / (causes + symptoms + 2)
  const expected = { cause: SMOOTHING * share, symptom: SMOOTHING * (1 - share) }
  const logOdds =
    Math.log((asCause + expected.cause) / expected.cause) -
    Math.log((asSymptom + expected.symptom) / expected.symptom)
  return { logOdds, asCause, asSymptom }
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
  const roles = new Map<string, string | undefined>()
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
