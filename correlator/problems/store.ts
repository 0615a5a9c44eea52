// Closed incidents by cause and by problem, within their limits; what leaves stays counted.
import type { Millis } from '../../domain/time.ts'
import { createGroups } from './groups.ts'
import type { Forgotten } from './statistics.ts'
import type { Occurrence, PatternSettings } from './types.ts'

/** A closed incident with where it belongs. */
export interface Entry {
  readonly scope: string
  readonly occurrence: Occurrence
  readonly problemId?: string
}

export interface ProblemState {
  readonly id: string
  readonly scope: string
  readonly foundBy: 'recurrence' | 'clustering'
  readonly version: number
  readonly forgotten?: Forgotten
  /** Problems of another CI of the same role with the same alert types. */
  readonly linked: readonly string[]
  readonly touchedAt: Millis
  /** A person said that it is none: kept, so that it is not found again, but not recognised. */
  readonly dismissed?: boolean
}

export interface StoreSnapshot {
  readonly entries: readonly Entry[]
  readonly problems: readonly ProblemState[]
}

export interface OccurrenceStore {
  /** Replaces what was known of the incident, keeping its problem. */
  put(scope: string, occurrence: Occurrence): Entry
  entry(incidentId: string): Entry | undefined
  assign(incidentId: string, problemId: string | undefined): void
  /** Closed incidents of one scope and cause. */
  ofCause(scope: string, cause: string): Entry[]
  members(problemId: string): Entry[]
  /** Those of a scope that belong to no problem. */
  loose(scope: string): Entry[]
  problem(id: string): ProblemState | undefined
  problems(): Iterable<ProblemState>
  saveProblem(problem: ProblemState): void
  /** Forgets what is out of the window or over a limit. */
  prune(scope: string, cause: string, before: Millis): void
  snapshot(): StoreSnapshot
}

export const createOccurrenceStore = (
  settings: PatternSettings,
  restored?: StoreSnapshot,
): OccurrenceStore => {
  const entries = new Map<string, Entry>()
  const byCause = createGroups()
  const byProblem = createGroups()
  const problems = new Map<string, ProblemState>()

  const insert = (entry: Entry): void => {
    const { incidentId } = entry.occurrence
    entries.set(incidentId, entry)
    byCause.add(causeOf(entry), incidentId)
    if (entry.problemId !== undefined) byProblem.add(entry.problemId, incidentId)
  }

  const remove = (incidentId: string): void => {
    const entry = entries.get(incidentId)
    if (!entry) return
    entries.delete(incidentId)
    byCause.remove(causeOf(entry), incidentId)
    if (entry.problemId !== undefined) byProblem.remove(entry.problemId, incidentId)
  }

  /** A member that leaves for want of room stays in its problem's counts. */
  const forget = (incidentId: string): void => {
    const entry = entries.get(incidentId)
    const problem = entry?.problemId === undefined ? undefined : problems.get(entry.problemId)
    if (entry && problem) problems.set(problem.id, remembering(problem, entry.occurrence))
    remove(incidentId)
  }

  const forgetProblem = (id: string): void => {
    for (const incidentId of byProblem.of(id)) remove(incidentId)
    problems.delete(id)
  }

  const listed = (ids: readonly string[]): Entry[] => ids.map((id) => entries.get(id)!)

  const prune = (scope: string, cause: string, before: Millis): void => {
    const own = listed(byCause.of(causeKey(scope, cause)))
    for (const { occurrence, problemId } of own)
      if (problemId === undefined && occurrence.openedAt < before) remove(occurrence.incidentId)
    const over = oldestFirst(listed(byCause.of(causeKey(scope, cause))))
    for (const { occurrence } of over.slice(0, -settings.occurrencesPerCauseMax))
      forget(occurrence.incidentId)
    for (const incidentId of entries.keys()) {
      if (entries.size <= settings.occurrencesMax) break
      forget(incidentId)
    }
  }

  for (const problem of restored?.problems ?? []) problems.set(problem.id, problem)
  for (const entry of restored?.entries ?? []) insert(entry)

  return {
    put: (scope, occurrence) => {
      const problemId = entries.get(occurrence.incidentId)?.problemId
      remove(occurrence.incidentId)
      const entry = placed({ scope, occurrence }, problemId)
      insert(entry)
      return entry
    },
    entry: (incidentId) => entries.get(incidentId),
    assign: (incidentId, problemId) => {
      const entry = entries.get(incidentId)
      if (!entry || entry.problemId === problemId) return
      if (entry.problemId !== undefined) byProblem.remove(entry.problemId, incidentId)
      entries.set(incidentId, placed(entry, problemId))
      if (problemId !== undefined) byProblem.add(problemId, incidentId)
    },
    ofCause: (scope, cause) => listed(byCause.of(causeKey(scope, cause))),
    loose: (scope) =>
      [...entries.values()].filter((each) => each.scope === scope && each.problemId === undefined),
    members: (problemId) => listed(byProblem.of(problemId)),
    problem: (id) => problems.get(id),
    problems: () => problems.values(),
    saveProblem: (problem) => {
      if (!problems.has(problem.id) && problems.size >= settings.problemsMax) {
        const silent = [...problems.values()].reduce((a, b) => (b.touchedAt < a.touchedAt ? b : a))
        forgetProblem(silent.id)
      }
      problems.set(problem.id, problem)
    },
    prune,
    snapshot: () => ({ entries: [...entries.values()], problems: [...problems.values()] }),
  }
}

const placed = ({ scope, occurrence }: Entry, problemId: string | undefined): Entry => ({
  scope,
  occurrence,
  ...(problemId !== undefined && { problemId }),
})

const remembering = (
  problem: ProblemState,
  { openedAt, minutesLost }: Occurrence,
): ProblemState => ({
  ...problem,
  forgotten: {
    count: (problem.forgotten?.count ?? 0) + 1,
    minutesLost: (problem.forgotten?.minutesLost ?? 0) + minutesLost,
    firstAt: Math.min(problem.forgotten?.firstAt ?? openedAt, openedAt),
  },
})

export const oldestFirst = (entries: readonly Entry[]): Entry[] =>
  [...entries].sort(
    ({ occurrence: a }, { occurrence: b }) =>
      a.openedAt - b.openedAt || (a.incidentId < b.incidentId ? -1 : 1),
  )

const causeKey = (scope: string, cause: string): string => `${scope}\u0000${cause}`

const causeOf = ({ scope, occurrence }: Entry): string => causeKey(scope, occurrence.cause)
