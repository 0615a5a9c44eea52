// What problem managers read: which patterns cost most, which are new, worse, gone or undecided.
import { and, desc, gte, inArray, lt, ne } from 'drizzle-orm'
import type { TimeRange } from '../../domain/range.ts'
import { DAY_MS, isoTime, MINUTE_MS, type Millis } from '../../domain/time.ts'
import type { ProblemReport, ReportedProblem } from '../api/report-schemas.ts'
import { present } from '../incidents/views.ts'
import type { ProblemState } from '../lifecycles/problem.ts'
import type { DeskSql } from '../store/database.ts'
import { changes, incidents, type ProblemRow, problems } from '../store/schema.ts'

const PROBLEMS_READ_MAX = 1_000
const INCIDENTS_READ_MAX = 50_000
const LISTED_MAX = 20
/** As many incidents, but so much more time lost: that is worse too. */
const WORSE_BY = 1.5

/** The part of an incident that the report counts. */
interface Seen {
  readonly id: string
  readonly number: string
  readonly problemId: string | null
  readonly openedAt: Millis
  readonly resolvedAt: Millis | null
}

const readIncidents = (database: DeskSql, { from, to }: TimeRange): Promise<Seen[]> =>
  database
    .select({
      id: incidents.id,
      number: incidents.number,
      problemId: incidents.problemId,
      openedAt: incidents.openedAt,
      resolvedAt: incidents.resolvedAt,
    })
    .from(incidents)
    .where(
      and(
        gte(incidents.openedAt, from - (to - from)),
        lt(incidents.openedAt, to),
        ne(incidents.status, 'merged'),
      ),
    )
    .orderBy(desc(incidents.openedAt), desc(incidents.id))
    .limit(INCIDENTS_READ_MAX)

/** Those that a person or the detector put into it. */
const byProblem = (rows: readonly ProblemRow[], seen: readonly Seen[]): Map<string, Seen[]> => {
  const listed = new Map<string, string>()
  for (const { id, candidate } of rows)
    for (const incident of candidate.incidentIds) listed.set(incident, id)
  const found = new Map<string, Seen[]>()
  for (const each of seen) {
    const problem = each.problemId ?? listed.get(each.id)
    if (problem === undefined) continue
    const own = found.get(problem)
    if (own === undefined) found.set(problem, [each])
    else own.push(each)
  }
  return found
}

/** What an incident cost up to `end`, in minutes. */
const minutesOf = ({ openedAt, resolvedAt }: Seen, end: Millis): number =>
  Math.max(0, Math.min(resolvedAt ?? end, end) - openedAt) / MINUTE_MS

const countOf = (seen: readonly Seen[], { from, to }: TimeRange) => {
  const own = seen.filter(({ openedAt }) => openedAt >= from && openedAt < to)
  const minutesLost = own.reduce((sum, each) => sum + minutesOf(each, to), 0)
  return { own, incidents: own.length, minutesLost: Math.round(minutesLost * 10) / 10 }
}

const reported = (row: ProblemRow, seen: readonly Seen[], range: TimeRange): ReportedProblem => {
  const { from, to } = range
  const { own, ...now } = countOf(seen, range)
  const { own: _, ...before } = countOf(seen, { from: from - (to - from), to: from })
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    status: row.status,
    link: `/api/v1/problems/${row.id}`,
    ...now,
    before,
    lastAt: isoTime(row.lastAt),
    beneath: own.map((each) => ({
      id: each.id,
      number: each.number,
      openedAt: isoTime(each.openedAt),
      minutesLost: Math.round(minutesOf(each, to) * 10) / 10,
      link: `/api/v1/incidents/${encodeURIComponent(each.id)}`,
      alerts: `/api/v1/alerts?incident=${encodeURIComponent(each.id)}`,
    })),
    ...present({ owner: row.assignee }),
  }
}

type Entry = readonly [row: ProblemRow, entry: ReportedProblem]

const mostCostly = ([, a]: Entry, [, b]: Entry): number =>
  b.minutesLost - a.minutesLost || b.incidents - a.incidents || (a.number < b.number ? -1 : 1)

const isOneOf =
  (...states: readonly ProblemState[]) =>
  ([{ status }]: Entry): boolean =>
    states.includes(status)

const isWorse = ([, { incidents, minutesLost, before }]: Entry): boolean =>
  incidents > 1 && (incidents > before.incidents || minutesLost > before.minutesLost * WORSE_BY)

/** Resolved, and not one incident of it since. */
const isSilent =
  (to: Millis, seen: Map<string, Seen[]>) =>
  ([{ id, resolvedAt, lastAt }]: Entry): boolean =>
    resolvedAt !== null &&
    resolvedAt < to &&
    lastAt <= resolvedAt &&
    !(seen.get(id) ?? []).some(({ openedAt }) => openedAt > resolvedAt)

/** Numbers of the changes that fixed them. */
const readFixes = async (
  database: DeskSql,
  rows: readonly ProblemRow[],
): Promise<Map<string, string>> => {
  const ids = rows.flatMap(({ fixChangeId }) => fixChangeId ?? [])
  const found = await database
    .select({ id: changes.id, number: changes.number })
    .from(changes)
    .where(inArray(changes.id, ids))
  return new Map(found.map(({ id, number }) => [id, number]))
}

export const problemReport = async (
  database: DeskSql,
  range: TimeRange,
): Promise<ProblemReport> => {
  const { from, to } = range
  const rows = await database
    .select()
    .from(problems)
    .where(lt(problems.createdAt, to))
    .orderBy(desc(problems.lastAt), desc(problems.id))
    .limit(PROBLEMS_READ_MAX)
  const read = await readIncidents(database, range)
  const seen = byProblem(rows, read)
  const fixes = await readFixes(database, rows)
  const all: Entry[] = rows
    .map((row) => [row, reported(row, seen.get(row.id) ?? [], range)] as const)
    .sort(mostCostly)
  const standing = all.filter(([{ status }]) => status !== 'dismissed')
  const list = (test: (entry: Entry) => boolean) =>
    standing
      .filter(test)
      .slice(0, LISTED_MAX)
      .map(([, entry]) => entry)
  return {
    from: isoTime(from),
    to: isoTime(to),
    complete: rows.length < PROBLEMS_READ_MAX && read.length < INCIDENTS_READ_MAX,
    top: list(([, { incidents }]) => incidents > 0),
    new: list(([{ createdAt }]) => createdAt >= from),
    worsening: list(isWorse),
    fixedAndSilent: standing
      .filter(isSilent(to, seen))
      .slice(0, LISTED_MAX)
      .map(([row, entry]) => ({
        ...entry,
        silentDays: Math.floor((to - (row.resolvedAt ?? to)) / DAY_MS),
        ...present({ fixedBy: row.fixChangeId && fixes.get(row.fixChangeId) }),
      })),
    awaitingDecision: list(isOneOf('candidate')),
  }
}
