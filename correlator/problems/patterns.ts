// Recurring patterns: known ones recognised at opening, new ones promoted at closing.
import type { KnownPattern } from '../../domain/incident.ts'
import type { ProblemCandidate } from '../../domain/problem.ts'
import { MINUTE_MS, type Millis } from '../../domain/time.ts'
import { cellKey } from '../hints/scene.ts'
import { candidateOf, profileOf, titleOf } from './candidate.ts'
import type { SignatureCluster, SignatureRow } from './clustering.ts'
import { learnTerms } from './known.ts'
import { createPatternMemory, type PatternsSnapshot } from './memory.ts'
import { createPromotion } from './promotion.ts'
import { identityOf } from './roles.ts'
import { DEFAULT_PATTERN_SETTINGS } from './settings.ts'
import { causeOf, signatureOf, symptomsOf } from './signature.ts'
import { oldestFirst } from './store.ts'
import { isChatter, isSurprising, learnChatter } from './surprise.ts'
import type {
  CiName,
  ClosedIncident,
  Occurrence,
  PatternIncident,
  PatternSettings,
  ProblemDecision,
} from './types.ts'

export type { PatternsSnapshot } from './memory.ts'

export interface Patterns {
  /** Known patterns that an incident looks like, most similar first. */
  match(incident: PatternIncident, now: Millis): KnownPattern[]
  /** An incident resolved (again). @returns the problems that this changed or made */
  closed(incident: ClosedIncident, now: Millis): ProblemCandidate[]
  /** A person said "same problem" or "not the same"; also of an incident still open. */
  decided(decision: ProblemDecision, now: Millis): ProblemCandidate[]
  /** Takes the decision back. */
  undecided(decision: ProblemDecision, now: Millis): ProblemCandidate[]
  /** A person said that it is no problem, or took that back. */
  dismissed(problemId: string, is: boolean): void
  problemOf(incidentId: string): string | undefined
  /** CI x alert types of a closed incident; none where it is no longer known. */
  cellsOf(incidentId: string): readonly string[]
  /** Closed incidents of no problem, oldest first: what the batch pass looks at. */
  loose(scope: string): SignatureRow[]
  /** Takes what the batch pass proposes, as far as it still holds. */
  proposed(clusters: readonly SignatureCluster[], now: Millis): ProblemCandidate[]
  snapshot(): PatternsSnapshot
}

const CIS_MAX = 20
const CELLS_MAX = 16
const HINTS_MAX = 2

/** @param nameOf how the topology calls a CI now; its id where it knows none */
export const createPatterns = (
  nameOf: CiName,
  settings: PatternSettings = DEFAULT_PATTERN_SETTINGS,
  restored?: PatternsSnapshot,
): Patterns => {
  const { windowMs, matchMin, matchesMax } = settings
  const memory = createPatternMemory(settings, restored)
  const { store, decisions, index, incidents, chatter } = memory
  const promotion = createPromotion(store, decisions, settings, {
    isSurprising: (name, times, singled, now) => isSurprising(chatter, name, times, singled, now),
    incidents: incidents.total,
  })

  const tell = (changed: Iterable<string>, now: Millis): ProblemCandidate[] =>
    [...new Set(changed)].sort().flatMap((id) => {
      const known = store.problem(id)
      if (!known) return []
      const members = store.members(id)
      index.set(id, known.scope, profileOf(members))
      if (members.length === 0) return []
      const problem = { ...known, version: known.version + 1, touchedAt: now }
      store.saveProblem(problem)
      const total = incidents.total(problem.scope, now)
      return candidateOf(problem, members, total, windowMs, nameOf)
    })

  /** Gives the incident the problem that people chose, or lets it find its own again. */
  const resettle = (incidentId: string, now: Millis): ProblemCandidate[] => {
    const entry = store.entry(incidentId)
    if (!entry) return []
    const chosen = decisions.chosen(incidentId)
    store.assign(incidentId, chosen && store.problem(chosen) ? chosen : undefined)
    const changed = promotion.regroup(entry.scope, entry.occurrence.cause, now)
    for (const id of [entry.problemId, store.entry(incidentId)?.problemId])
      if (id !== undefined) changed.add(id)
    return tell(changed, now)
  }

  return {
    match: (incident, now) =>
      index
        .nearest(signatureOf(incident, nameOf, settings), incident.scope, now)
        .filter(({ problemId }) => !decisions.refused(incident.id, problemId))
        .filter(({ problemId }) => store.problem(problemId)?.dismissed !== true)
        .filter(({ similarity }) => similarity >= matchMin)
        .slice(0, matchesMax)
        .map(({ problemId, similarity }) => ({
          problemId,
          title: titleOf(store.members(problemId), nameOf),
          similarity: Math.round(similarity * 1_000) / 1_000,
        })),
    closed: (incident, now) => {
      const occurrence = occurrenceOf(incident, nameOf, settings)
      if (!store.entry(incident.id)) {
        learnTerms(memory.terms, occurrence.signature, now)
        learnChatter(chatter, occurrence.signature, occurrence.cause, now)
        incidents.add(incident.scope, now)
      }
      store.put(incident.scope, occurrence)
      store.prune(incident.scope, occurrence.cause, now - windowMs)
      return resettle(incident.id, now)
    },
    decided: (decision, now) => {
      decisions.add(decision)
      return resettle(decision.incidentId, now)
    },
    undecided: (decision, now) => {
      decisions.remove(decision)
      return resettle(decision.incidentId, now)
    },
    dismissed: (problemId, is) => {
      const problem = store.problem(problemId)
      if (problem !== undefined) store.saveProblem({ ...problem, dismissed: is })
    },
    problemOf: (incidentId) => store.entry(incidentId)?.problemId,
    cellsOf: (incidentId) => store.entry(incidentId)?.occurrence.cells ?? [],
    loose: (scope) =>
      oldestFirst(store.loose(scope))
        .filter(({ occurrence }) => !isChatter(occurrence.signature))
        .map(({ occurrence: { incidentId, signature } }) => ({
          incidentId,
          terms: symptomsOf(signature),
        })),
    proposed: (clusters, now) =>
      tell(
        clusters.flatMap(({ incidentIds }) => promotion.adopt(incidentIds, now)),
        now,
      ),
    snapshot: memory.snapshot,
  }
}

const cellsIn = ({ alerts }: ClosedIncident): string[] => {
  const cells = new Set<string>()
  for (const { ci, name } of alerts)
    if (ci !== undefined && cells.size < CELLS_MAX) cells.add(cellKey(ci, name))
  return [...cells]
}

const suretyOf = ({ confirmedCause, hints }: PatternIncident): number =>
  confirmedCause === undefined ? (hints[0]?.confidence ?? 1) : 1

const occurrenceOf = (
  incident: ClosedIncident,
  nameOf: CiName,
  settings: PatternSettings,
): Occurrence => {
  const { id, openedAt, resolvedAt, hints } = incident
  const cause = causeOf(incident)
  const signature = signatureOf(incident, nameOf, settings)
  const cis = new Set<string>()
  for (const { ci } of incident.alerts) if (ci !== undefined && cis.size < CIS_MAX) cis.add(ci)
  return {
    incidentId: id,
    openedAt,
    resolvedAt,
    minutesLost: incident.minutesLost ?? Math.max(0, resolvedAt - openedAt) / MINUTE_MS,
    cis: [...cis].sort(),
    cells: cellsIn(incident),
    hints: hints.slice(0, HINTS_MAX),
    cause: cause === undefined ? '' : identityOf(nameOf(cause)),
    surety: suretyOf(incident),
    signature,
  }
}
