// Asking for incidents: the list with its filters, and one with all that explains it.
import { and, desc, eq, gte, inArray, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { Severity } from '../../domain/severity.ts'
import { isoTime, type Millis } from '../../domain/time.ts'
import type {
  IncidentDetail,
  IncidentSummary,
  KnownErrorView,
  Page,
  RunbookView,
  TaskView,
  TimelineView,
} from '../api/schemas.ts'
import { type Keyset, toPage } from '../cursor.ts'
import { type IncidentState, legalIncidentActions } from '../lifecycles/incident.ts'
import { incidentsOf, type LimitedTo } from '../people/team-limits.ts'
import type { Priority } from '../priority.ts'
import { runbooksFor } from '../processes/queries.ts'
import type { DeskSql } from '../store/database.ts'
import {
  alerts,
  type IncidentRow,
  incidents,
  problems,
  slaClocks,
  tasks,
  timeline,
} from '../store/schema.ts'
import {
  alertView,
  hintView,
  incidentSummary,
  present,
  slaView,
  taskView,
  timelineView,
} from './views.ts'

const ALERTS_SHOWN_MAX = 200
const TIMELINE_SHOWN_MAX = 500
const TASKS_SHOWN_MAX = 500

export interface IncidentFilter {
  /** `open` stands for every state that still needs work. */
  readonly status?: readonly (IncidentState | 'open')[]
  readonly severity?: readonly Severity[]
  readonly priority?: readonly Priority[]
  readonly scope?: string
  readonly assignee?: string
  readonly team?: string
  readonly problem?: string
  /** In title or number, any case. */
  readonly q?: string
  /** Last event at or after. */
  readonly since?: Millis
  readonly limitedTo?: LimitedTo
}

const OVER = ['resolved', 'closed', 'merged'] as const

const statusIs = (wanted: NonNullable<IncidentFilter['status']>): SQL | undefined => {
  const states = wanted.filter((state): state is IncidentState => state !== 'open')
  return or(
    wanted.includes('open') ? notInArray(incidents.status, [...OVER]) : undefined,
    states.length > 0 ? inArray(incidents.status, states) : undefined,
  )
}

/** `%` and `_` in what people type stand for themselves. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

const matching = (filter: IncidentFilter): SQL | undefined => {
  const { status, severity, priority, scope, assignee, team, problem, q, since } = filter
  const given = <T>(value: T | undefined, condition: (value: T) => SQL | undefined) =>
    value === undefined ? undefined : condition(value)
  return and(
    given(status, statusIs),
    given(severity, (words) => inArray(incidents.severity, [...words])),
    given(priority, (words) => inArray(incidents.priority, [...words])),
    given(scope, (word) => eq(incidents.scope, word)),
    given(assignee, (word) => eq(incidents.assignee, word)),
    given(team, (word) => eq(incidents.team, word)),
    given(problem, (id) => eq(incidents.problemId, id)),
    given(since, (at) => gte(incidents.lastEventAt, at)),
    incidentsOf(filter.limitedTo),
    given(q, (text) => {
      const pattern = containing(text)
      return sql`(${incidents.title} ilike ${pattern} or ${incidents.number} ilike ${pattern})`
    }),
  )
}

/** Known patterns with what the desk has learned of them; the problem that it belongs to first. */
const knownErrors = async (database: DeskSql, row: IncidentRow): Promise<KnownErrorView[]> => {
  const matched = row.correlation.knownPatterns ?? []
  const own = row.problemId
  const patterns =
    own === null || matched.some(({ problemId }) => problemId === own)
      ? matched
      : [{ problemId: own, title: '', similarity: 1 }, ...matched]
  if (patterns.length === 0) return []
  const ids = patterns.map(({ problemId }) => problemId)
  const known = await database.select().from(problems).where(inArray(problems.id, ids))
  const byId = new Map(known.map((problem) => [problem.id, problem]))
  return patterns.flatMap(({ problemId, title, similarity }) => {
    const problem = byId.get(problemId)
    // What people dismissed is no known error.
    if (problem?.status === 'dismissed') return []
    return {
      problemId,
      title: problem?.title ?? title,
      similarity,
      ...present({
        number: problem?.number,
        status: problem?.status,
        cause: problem?.cause,
        workaround: problem?.workaround,
      }),
    }
  })
}

/** Oldest first; of a long one the newest entries. */
export const readTimeline = async (
  database: DeskSql,
  ticketId: string,
): Promise<TimelineView[]> => {
  const rows = await database
    .select()
    .from(timeline)
    .where(eq(timeline.ticketId, ticketId))
    .orderBy(desc(timeline.at), desc(timeline.ordinal), desc(timeline.id))
    .limit(TIMELINE_SHOWN_MAX)
  return rows.reverse().map(timelineView)
}

/** Runbooks for what it is about; of very many alerts, for the types shown. */
const runbooks = async (
  database: DeskSql,
  row: IncidentRow,
  alertNames: readonly string[],
): Promise<RunbookView[]> => {
  const { cis, knownPatterns = [] } = row.correlation
  const patterns = knownPatterns.map(({ problemId }) => problemId)
  const problems = row.problemId === null ? patterns : [row.problemId, ...patterns]
  const found = await runbooksFor(database, { alertNames, cis, problems })
  return found.map(({ id, name, body, version }) => ({
    id,
    name,
    steps: [...body.steps],
    version,
    ...present({ documentation: body.documentation }),
  }))
}

/** In the order in which they were set. */
export const readTasks = async (database: DeskSql, ticketId: string): Promise<TaskView[]> => {
  const rows = await database
    .select()
    .from(tasks)
    .where(eq(tasks.ticketId, ticketId))
    .orderBy(tasks.ordinal, tasks.id)
    .limit(TASKS_SHOWN_MAX)
  return rows.map(taskView)
}

const detailOf = async (database: DeskSql, row: IncidentRow): Promise<IncidentDetail> => {
  const alertRows = await database
    .select({ body: alerts.body })
    .from(alerts)
    .where(eq(alerts.incidentId, row.id))
    .orderBy(alerts.status, desc(alerts.lastSeen), desc(alerts.id))
    .limit(ALERTS_SHOWN_MAX)
  const clocks = await database.select().from(slaClocks).where(eq(slaClocks.ticketId, row.id))
  const { watchers = [], related = [], review, rating, ...roles } = row.details
  return {
    ...incidentSummary(row),
    impact: row.impact,
    urgency: row.urgency,
    reopenCount: row.reopenCount,
    ...present({ priorityReason: row.priorityReason, resolution: row.resolution }),
    alerts: alertRows.map(({ body }) => alertView(body)),
    timeline: await readTimeline(database, row.id),
    hints: row.correlation.hints.map(hintView),
    knownErrors: await knownErrors(database, row),
    slas: clocks.map(slaView),
    tasks: await readTasks(database, row.id),
    ...roles,
    runbooks: await runbooks(
      database,
      row,
      alertRows.map(({ body }) => body.name),
    ),
    watchers: [...watchers],
    related: [...related],
    ...present({
      review: review && { ...review, at: isoTime(review.at) },
      rating: rating && { ...rating, at: isoTime(rating.at) },
    }),
    actions: legalIncidentActions(row.status),
  }
}

export const incidentQueries = (database: DeskSql) => ({
  /** Newest opening first. */
  async listIncidents(
    filter: IncidentFilter,
    limit: number,
    after?: Keyset,
  ): Promise<Page<IncidentSummary>> {
    const rows = await database
      .select()
      .from(incidents)
      .where(
        and(
          matching(filter),
          after && sql`(${incidents.openedAt}, ${incidents.id}) < (${after.key}, ${after.id})`,
        ),
      )
      .orderBy(desc(incidents.openedAt), desc(incidents.id))
      .limit(limit + 1)
    return toPage(rows, limit, incidentSummary, (row) => ({ key: row.openedAt, id: row.id }))
  },

  /** The id of what is named by id or number. */
  async incidentId(idOrNumber: string): Promise<string | undefined> {
    const [row] = await database
      .select({ id: incidents.id })
      .from(incidents)
      .where(or(eq(incidents.id, idOrNumber), eq(incidents.number, idOrNumber)))
      .limit(1)
    return row?.id
  },

  /** By id or by number (`INC-7`). */
  async findIncident(idOrNumber: string): Promise<IncidentDetail | undefined> {
    const [row] = await database
      .select()
      .from(incidents)
      .where(or(eq(incidents.id, idOrNumber), eq(incidents.number, idOrNumber)))
      .limit(1)
    return row === undefined ? undefined : detailOf(database, row)
  },
})
