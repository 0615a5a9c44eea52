// Whether an alert type is seen at causes or at symptoms: its words first, closed incidents then.
import type { Millis } from '../../domain/time.ts'
import type { DecayedCounts } from './decayed-counts.ts'
import type { ClosedCell } from './knowledge.ts'
import type { AlertRole } from './types.ts'
import { leaningOf } from './vocabulary.ts'

const CAUSE = 'cause '
const SYMPTOM = 'symptom '
const EVERY_TYPE = ''
/** Observations that a type's words are worth: those made outweigh them soon. */
const PRIOR_STRENGTH = 6
/** Log-odds of the words alone. */
const PRIOR_ODDS = { cause: 3.2, symptom: -0.8, none: 0 } as const

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
 * What alerted on the cause, and what alerted elsewhere, each alert type once.
 * @param surety of the cause, 0 to 1
 */
export const learnRoles = (
  counts: DecayedCounts,
  cells: readonly ClosedCell[],
  cause: string,
  surety: number,
  now: Millis,
): void => {
  if (cells.every(({ ci }) => ci === cause)) return
  const roles = new Set(cells.map(({ ci, name }) => (ci === cause ? CAUSE : SYMPTOM) + name))
  for (const role of roles) {
    counts.add(role, now, surety)
    counts.add((role.startsWith(CAUSE) ? CAUSE : SYMPTOM) + EVERY_TYPE, now, surety)
  }
}
