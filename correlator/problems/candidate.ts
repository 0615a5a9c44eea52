// What people see of a pattern: its title, its terms, its causes and its statistics.
import type { Hint } from '../../domain/evidence.ts'
import type { ProblemCandidate } from '../../domain/problem.ts'
import { statisticsOf } from './statistics.ts'
import { type Entry, oldestFirst, type ProblemState } from './store.ts'
import type { CiName, SignatureTerm } from './types.ts'

const INCIDENTS_MAX = 200
const CIS_MAX = 50
const NAMES_MAX = 16
const HINTS_MAX = 3
const TERMS_MAX = 12
const TITLE_NAMES_MAX = 3
/** Occurrences that a problem's terms are averaged over, the newest. */
const PROFILE_MAX = 20

export const candidateOf = (
  problem: ProblemState,
  members: readonly Entry[],
  incidentsInWindow: number,
  windowMs: number,
  nameOf: CiName,
): ProblemCandidate => {
  const occurrences = oldestFirst(members).map(({ occurrence }) => occurrence)
  const hints = commonHints(members)
  const names = mostCommon(
    occurrences.flatMap(({ signature }) => signature.names),
    NAMES_MAX,
  )
  const cis = mostCommon(
    occurrences.flatMap((each) => each.cis),
    CIS_MAX,
  )
  return {
    id: problem.id,
    version: problem.version,
    scope: problem.scope,
    title: titleOf(members, nameOf),
    foundBy: problem.foundBy,
    signature: profileOf(members)
      .slice(0, TERMS_MAX)
      .map(([term]) => term),
    incidentIds: occurrences.slice(-INCIDENTS_MAX).map(({ incidentId }) => incidentId),
    cis,
    alertNames: names,
    hints,
    ...(problem.linked.length > 0 && { linkedTo: problem.linked }),
    statistics: statisticsOf(occurrences, problem.forgotten, incidentsInWindow, windowMs),
  }
}

/** What breaks, where: the commonest alert types on the CI suspected most. */
export const titleOf = (members: readonly Entry[], nameOf: CiName): string => {
  const signatures = members.map(({ occurrence }) => occurrence.signature)
  const atCause = signatures.flatMap(({ causeTypes }) => causeTypes)
  const types = atCause.length > 0 ? atCause : signatures.flatMap(({ names }) => names)
  const what = mostCommon(types, TITLE_NAMES_MAX).join(', ')
  const [cause] = mostCommon(
    members.flatMap(({ occurrence }) => occurrence.hints[0]?.ci ?? []),
    1,
  )
  const where =
    cause ??
    mostCommon(
      members.flatMap(({ occurrence }) => occurrence.cis),
      1,
    )[0]
  return where === undefined ? what : `${what} on ${nameOf(where)}`
}

/** Mean weight of each term over the newest members, heaviest first. */
export const profileOf = (members: readonly Entry[]): SignatureTerm[] => {
  const newest = oldestFirst(members).slice(-PROFILE_MAX)
  const sums = new Map<string, number>()
  for (const { occurrence } of newest)
    for (const [term, weight] of occurrence.signature.terms)
      sums.set(term, (sums.get(term) ?? 0) + weight)
  return [...sums]
    .map(([term, sum]) => [term, sum / newest.length] as const)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : a > b ? 1 : 0))
}

/** The causes suspected, by how often and how surely each came first. */
const commonHints = (members: readonly Entry[]): Hint[] => {
  const firsts = new Map<string, { hint: Hint; times: number; confidence: number }>()
  for (const { occurrence } of oldestFirst(members)) {
    const hint = occurrence.hints[0]
    if (!hint) continue
    const known = firsts.get(hint.ci)
    firsts.set(hint.ci, {
      hint,
      times: (known?.times ?? 0) + 1,
      confidence: (known?.confidence ?? 0) + hint.confidence,
    })
  }
  return [...firsts.values()]
    .sort((a, b) => b.confidence - a.confidence || (a.hint.ci < b.hint.ci ? -1 : 1))
    .slice(0, HINTS_MAX)
    .map(({ hint, times, confidence }) => ({
      ci: hint.ci,
      ...(hint.alertName !== undefined && { alertName: hint.alertName }),
      score: rounded(confidence),
      confidence: rounded(confidence / members.length),
      reasons: [
        {
          signal: 'recurrence',
          weight: rounded(confidence),
          text: `suspected first in ${times} of ${members.length} recurrences`,
        },
        ...hint.reasons,
      ],
    }))
}

const mostCommon = (values: readonly string[], max: number): string[] => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : a > b ? 1 : 0))
    .slice(0, max)
    .map(([value]) => value)
}

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000
