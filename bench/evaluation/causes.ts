// Judges hints and problems against what truly happened: root causes, guilty changes, promotions.
import type { Incident } from '../../domain/incident.ts'
import type { ProblemCandidate } from '../../domain/problem.ts'
import type { FoundIncident, Label } from '../../runtime/backtest/labels.ts'
import type { Ledger } from '../../runtime/backtest/ledger.ts'
import type { TrueCause } from './traffic.ts'

export interface CauseScore {
  /** Share of true incidents whose root is among the first k CIs hinted at. */
  readonly rootAt1: number
  readonly rootAt3: number
  readonly rootAt5: number
  /** Mean reciprocal rank of the root; 0 where it is not hinted at. */
  readonly rootMrr: number
  /** Share of change-caused incidents whose change stands in the first three hints. */
  readonly changeAt3: number
  /** Share of patterns with three or more occurrences that became a problem. */
  readonly promoted: number
  /** Share of them whose first three occurrences are in one: promoted by the third. */
  readonly promotedByThird: number
  /** Share of problems all of whose incidents have one true root. */
  readonly pure: number
  readonly incidents: number
  readonly guiltyChanges: number
  readonly recurringPatterns: number
  readonly problems: number
}

const RECURRENCES_MIN = 3

interface Matches {
  /** True incident -> the found one that holds most of its alerts. */
  readonly foundOf: ReadonlyMap<string, string>
  /** Found incident -> the true one (or noise) that most of its alerts belong to. */
  readonly truthOf: ReadonlyMap<string, string>
}

const mostOf = (counts: ReadonlyMap<string, number>): string =>
  [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0]

const match = (labels: readonly Label[], found: FoundIncident): Matches => {
  const byTruth = new Map<string, Map<string, number>>()
  const byFound = new Map<string, Map<string, number>>()
  const count = (table: Map<string, Map<string, number>>, row: string, cell: string): void => {
    const counts = table.get(row) ?? new Map<string, number>()
    table.set(row, counts.set(cell, (counts.get(cell) ?? 0) + 1))
  }
  for (const { line, index, incident, first } of labels) {
    const group = found(line, index)
    if (!first || incident === '' || !group) continue
    count(byTruth, incident, group)
    count(byFound, group, incident)
  }
  const most = (table: ReadonlyMap<string, ReadonlyMap<string, number>>) =>
    new Map([...table].map(([key, counts]) => [key, mostOf(counts)]))
  return { foundOf: most(byTruth), truthOf: most(byFound) }
}

const hintsOf = (incident: Incident | undefined) =>
  [...(incident?.hints ?? [])].sort((a, b) => b.score - a.score)

/** Rank of the root among the different CIs hinted at, from 1; undefined = not among them. */
const rankOf = (cause: TrueCause, incident: Incident | undefined): number | undefined => {
  const cis = [...new Set(hintsOf(incident).map((hint) => hint.ci))]
  const place = cis.indexOf(cause.root)
  return place < 0 ? undefined : place + 1
}

const share = (list: readonly unknown[], right: number): number =>
  list.length === 0 ? Number.NaN : right / list.length

/** @param all of the pattern: they must be most of what the problem holds */
const isPromoted = (
  occurrences: readonly string[],
  problems: readonly ProblemCandidate[],
  trueIncidents: (problem: ProblemCandidate) => string[],
  all: readonly string[] = occurrences,
): boolean =>
  problems.some((problem) => {
    const held = trueIncidents(problem)
    const among = (list: readonly string[]): number =>
      held.filter((incident) => list.includes(incident)).length
    return among(occurrences) >= RECURRENCES_MIN && among(all) * 2 > held.length
  })

export const scoreCauses = (
  causes: readonly TrueCause[],
  labels: readonly Label[],
  found: FoundIncident,
  ledger: Ledger,
): CauseScore => {
  const { foundOf, truthOf } = match(labels, found)
  const incidentOf = (cause: TrueCause): Incident | undefined =>
    ledger.incidents.get(foundOf.get(cause.incident) ?? '')
  const ranks = causes.map((cause) => rankOf(cause, incidentOf(cause)))
  const guilty = causes.filter((cause) => cause.change !== undefined)
  const rightChanges = guilty.filter((cause) =>
    hintsOf(incidentOf(cause))
      .slice(0, 3)
      .some((hint) => hint.change === cause.change),
  )
  const roots = new Map(causes.map((cause) => [cause.incident, cause.root]))
  const problems = [...ledger.problems.values()]
  const trueIncidents = (problem: ProblemCandidate): string[] =>
    [...new Set(problem.incidentIds.map(ledger.finalIncident))].flatMap(
      (id) => truthOf.get(id) ?? [],
    )
  /** Noise has no root of its own; the CI that it stands on serves. */
  const rootsOf = (problem: ProblemCandidate): Set<string> =>
    new Set(
      problem.incidentIds.map((id) => {
        const final = ledger.finalIncident(id)
        const truth = truthOf.get(final) ?? ''
        return roots.get(truth) ?? ledger.incidents.get(final)?.cis[0] ?? final
      }),
    )
  const patterns = new Set(causes.flatMap((cause) => cause.pattern ?? []))
  const recurring = [...patterns]
    .map((pattern) =>
      causes.filter((cause) => cause.pattern === pattern).map((cause) => cause.incident),
    )
    .filter((list) => list.length >= RECURRENCES_MIN)
  const counting = (wanted: (rank: number) => boolean): number =>
    ranks.filter((rank) => rank !== undefined && wanted(rank)).length
  return {
    rootAt1: share(
      causes,
      counting((rank) => rank === 1),
    ),
    rootAt3: share(
      causes,
      counting((rank) => rank <= 3),
    ),
    rootAt5: share(
      causes,
      counting((rank) => rank <= 5),
    ),
    rootMrr: share(
      causes,
      ranks.reduce<number>((sum, rank) => sum + (rank === undefined ? 0 : 1 / rank), 0),
    ),
    changeAt3: share(guilty, rightChanges.length),
    promoted: share(
      recurring,
      recurring.filter((list) => isPromoted(list, problems, trueIncidents)).length,
    ),
    promotedByThird: share(
      recurring,
      recurring.filter((list) =>
        isPromoted(list.slice(0, RECURRENCES_MIN), problems, trueIncidents, list),
      ).length,
    ),
    pure: share(problems, problems.filter((problem) => rootsOf(problem).size === 1).length),
    incidents: causes.length,
    guiltyChanges: guilty.length,
    recurringPatterns: recurring.length,
    problems: problems.length,
  }
}
