// Asking for problems: recurring patterns with their statistics and incidents.
import { and, desc, eq, inArray, or, sql } from 'drizzle-orm'
import type { TimeRange } from '../../domain/range.ts'
import { isoTime } from '../../domain/time.ts'
import type { FixView, Page, ProblemSummary, ProblemView } from '../api/schemas.ts'
import { type Keyset, toPage } from '../cursor.ts'
import { readTimeline } from '../incidents/queries.ts'
import { hintView, incidentSummary, present, timeOrNone } from '../incidents/views.ts'
import { legalProblemActions, type ProblemState } from '../lifecycles/problem.ts'
import type { DeskSql } from '../store/database.ts'
import { changes, incidents, type ProblemRow, problems } from '../store/schema.ts'
import { problemReport } from './report.ts'

const INCIDENTS_SHOWN_MAX = 100

export const problemSummary = (row: ProblemRow): ProblemSummary => ({
  id: row.id,
  number: row.number,
  title: row.title,
  status: row.status,
  scope: row.scope,
  foundBy: row.candidate.foundBy,
  incidentCount: row.incidentCount,
  firstAt: isoTime(row.firstAt),
  lastAt: isoTime(row.lastAt),
  minutesLost: row.candidate.statistics.minutesLost,
  cis: [...row.candidate.cis],
  alertNames: [...row.candidate.alertNames],
  version: row.version,
  ...present({ assignee: row.assignee }),
})

const verificationOf = ({ resolvedAt, details }: ProblemRow): FixView['verification'] => {
  if (resolvedAt !== null) return 'holding'
  return details.recurredAt === undefined ? 'pending' : 'recurred'
}

const fixView = async (database: DeskSql, row: ProblemRow): Promise<FixView | undefined> => {
  if (row.fixChangeId === null) return undefined
  const [change] = await database.select().from(changes).where(eq(changes.id, row.fixChangeId))
  return {
    changeId: row.fixChangeId,
    verification: verificationOf(row),
    ...present({
      number: change?.number,
      title: change?.title,
      status: change?.status,
      since: timeOrNone(row.resolvedAt),
    }),
  }
}

const problemView = async (database: DeskSql, row: ProblemRow): Promise<ProblemView> => {
  const { signature, statistics, hints, incidentIds } = row.candidate
  const { firstAt, lastAt, hourOfWeek, ...figures } = statistics
  const linked = await database
    .select()
    .from(incidents)
    .where(
      or(
        eq(incidents.problemId, row.id),
        inArray(incidents.id, incidentIds.slice(-INCIDENTS_SHOWN_MAX)),
      ),
    )
    .orderBy(desc(incidents.openedAt), desc(incidents.id))
    .limit(INCIDENTS_SHOWN_MAX)
  return {
    ...problemSummary(row),
    signature: [...signature],
    statistics: {
      ...figures,
      firstAt: isoTime(firstAt),
      lastAt: isoTime(lastAt),
      hourOfWeek: [...hourOfWeek],
    },
    hints: hints.map(hintView),
    incidents: linked.map(incidentSummary),
    analysis: { whys: row.details.whys ?? [], factors: row.details.factors ?? [] },
    createdAt: isoTime(row.createdAt),
    ...present({
      cause: row.cause,
      workaround: row.workaround,
      fix: await fixView(database, row),
      dismissedBecause: row.details.dismissedBecause,
      resolvedAt: timeOrNone(row.resolvedAt),
    }),
    timeline: await readTimeline(database, row.id),
    actions: legalProblemActions(row.status),
  }
}

export const problemQueries = (database: DeskSql) => ({
  problemReport: (range: TimeRange) => problemReport(database, range),

  /** The newest recurrence first. */
  async listProblems(
    filter: { readonly status?: readonly ProblemState[] },
    limit: number,
    after?: Keyset,
  ): Promise<Page<ProblemSummary>> {
    const rows = await database
      .select()
      .from(problems)
      .where(
        and(
          filter.status && inArray(problems.status, [...filter.status]),
          after && sql`(${problems.lastAt}, ${problems.id}) < (${after.key}, ${after.id})`,
        ),
      )
      .orderBy(desc(problems.lastAt), desc(problems.id))
      .limit(limit + 1)
    return toPage(rows, limit, problemSummary, (row) => ({ key: row.lastAt, id: row.id }))
  },

  /** The id of what is named by id or number. */
  async problemId(idOrNumber: string): Promise<string | undefined> {
    const [row] = await database
      .select({ id: problems.id })
      .from(problems)
      .where(or(eq(problems.id, idOrNumber), eq(problems.number, idOrNumber)))
      .limit(1)
    return row?.id
  },

  /** By id or by number (`PRB-3`). */
  async findProblem(idOrNumber: string): Promise<ProblemView | undefined> {
    const [row] = await database
      .select()
      .from(problems)
      .where(or(eq(problems.id, idOrNumber), eq(problems.number, idOrNumber)))
      .limit(1)
    return row === undefined ? undefined : problemView(database, row)
  },
})
