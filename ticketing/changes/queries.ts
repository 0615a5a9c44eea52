// Asking for changes: the list, one with its assessment and votes, the calendar.
import { and, asc, desc, eq, gt, inArray, or, sql } from 'drizzle-orm'
import { isoTime, type Millis } from '../../domain/time.ts'
import type { Page } from '../api/schemas.ts'
import type { ChangeDetail, ChangeSummary } from '../api/work-schemas.ts'
import { createGraph } from '../cis/graph.ts'
import { readTopology } from '../cis/topology.ts'
import { type Keyset, toPage } from '../cursor.ts'
import { readTimeline } from '../incidents/queries.ts'
import { incidentSummary, present, timeOrNone } from '../incidents/views.ts'
import {
  CHANGE_ACTIONS,
  CHANGE_LIFECYCLE,
  type ChangeAction,
  type ChangeState,
} from '../lifecycles/change.ts'
import { legalActions } from '../lifecycles/lifecycle.ts'
import type { DeskSql } from '../store/database.ts'
import { type ChangeOrigin, type ChangeRow, changes, incidents } from '../store/schema.ts'
import { reachOf, readStanding } from './standing.ts'
import { changeIdOf } from './ticket.ts'

const INCIDENTS_SHOWN_MAX = 100
const CALENDAR_EVENTS_MAX = 1_000

export const changeSummary = (row: ChangeRow): ChangeSummary => ({
  id: row.id,
  number: row.number,
  origin: row.origin,
  title: row.title,
  summary: row.title,
  type: row.type,
  status: row.status,
  ci: row.cis[0] ?? '',
  cis: [...row.cis],
  requester: row.requester,
  plannedStart: isoTime(row.plannedStart),
  plannedEnd: isoTime(row.plannedEnd),
  startedAt: isoTime(row.startedAt ?? row.plannedStart),
  incidentCount: row.incidentIds.length,
  version: row.version,
  ...present({
    endedAt: timeOrNone(row.endedAt),
    assignee: row.assignee,
    risk: row.risk,
    outcome: row.outcome,
    link: row.link,
  }),
})

const isAction = (action: string): action is ChangeAction =>
  (CHANGE_ACTIONS as readonly string[]).includes(action)

const UPCOMING: ReadonlySet<ChangeState> = new Set([
  'draft',
  'awaiting-approval',
  'scheduled',
  'implementing',
])

/** Before and while it is carried out: what is wrong on its CIs at this moment. */
const standingNow = async (
  database: DeskSql,
  { status, origin, cis }: ChangeRow,
): Promise<Pick<ChangeDetail, 'standing'>> => {
  if (origin !== 'requested' || !UPCOMING.has(status)) return {}
  const graph = createGraph(await readTopology(database))
  const { openIncidents, openProblems } = await readStanding(database, reachOf(graph, cis))
  return { standing: { openIncidents: [...openIncidents], openProblems: [...openProblems] } }
}

const changeDetail = async (database: DeskSql, row: ChangeRow): Promise<ChangeDetail> => {
  const suspected = await database
    .select()
    .from(incidents)
    .where(inArray(incidents.id, row.incidentIds.slice(-INCIDENTS_SHOWN_MAX)))
    .orderBy(desc(incidents.openedAt), desc(incidents.id))
  const { assessment } = row
  return {
    ...changeSummary(row),
    ...row.body,
    votes: row.votes.map((vote) => ({ ...vote, at: isoTime(vote.at) })),
    incidents: suspected.map(incidentSummary),
    suspicions: suspected.map(({ id, number }) => ({
      incident: id,
      number,
      verdict: row.verdicts[id] ?? 'suspect',
    })),
    ...(await standingNow(database, row)),
    timeline: await readTimeline(database, row.id),
    actions: legalActions(CHANGE_LIFECYCLE, row.status).filter(isAction),
    ...present({
      assessment: assessment && {
        at: isoTime(assessment.at),
        impact: assessment.impact,
        risk: assessment.risk,
        services: [...assessment.services],
        reasons: [...assessment.reasons],
        conflicts: assessment.conflicts.map((each) => ({ ...each })),
        freezes: [...assessment.freezes],
        openIncidents: assessment.openIncidents.map((each) => ({ ...each })),
        // Changes assessed before problems were looked at have none.
        openProblems: (assessment.openProblems ?? []).map((each) => ({ ...each })),
      },
    }),
  }
}

export interface ChangeFilter {
  readonly status?: readonly ChangeState[]
  readonly type?: readonly string[]
  readonly origin?: ChangeOrigin
  readonly ci?: string
}

export const changeQueries = (database: DeskSql) => ({
  /** The latest planned start first. */
  async listChanges(
    { status, type, origin, ci }: ChangeFilter,
    limit: number,
    after?: Keyset,
  ): Promise<Page<ChangeSummary>> {
    const rows = await database
      .select()
      .from(changes)
      .where(
        and(
          status && inArray(changes.status, [...status]),
          type && inArray(changes.type, [...type]),
          origin && eq(changes.origin, origin),
          ci === undefined
            ? undefined
            : sql`exists (select 1 from jsonb_array_elements_text(${changes.cis}) as on_ci
                where on_ci = ${ci})`,
          after && sql`(${changes.plannedStart}, ${changes.id}) < (${after.key}, ${after.id})`,
        ),
      )
      .orderBy(desc(changes.plannedStart), desc(changes.id))
      .limit(limit + 1)
    return toPage(rows, limit, changeSummary, (row) => ({ key: row.plannedStart, id: row.id }))
  },

  /** By id, by number (`CHG-3`), or by what a hint calls it. */
  async findChange(idOrNumber: string): Promise<ChangeDetail | undefined> {
    const [row] = await database
      .select()
      .from(changes)
      .where(or(eq(changes.id, changeIdOf(idOrNumber)), eq(changes.number, idOrNumber)))
      .limit(1)
    return row && changeDetail(database, row)
  },

  async changeId(idOrNumber: string): Promise<string | undefined> {
    const [row] = await database
      .select({ id: changes.id })
      .from(changes)
      .where(or(eq(changes.id, idOrNumber), eq(changes.number, idOrNumber)))
      .limit(1)
    return row?.id
  },

  /** What is planned or under way, and what ended not long ago, earliest first. */
  async plannedChanges(endedAfter: Millis): Promise<ChangeRow[]> {
    return database
      .select()
      .from(changes)
      .where(
        and(
          eq(changes.origin, 'requested'),
          inArray(changes.status, [
            'awaiting-approval',
            'scheduled',
            'implementing',
            'review',
            'closed',
          ]),
          gt(changes.plannedEnd, endedAfter),
        ),
      )
      .orderBy(asc(changes.plannedStart), asc(changes.id))
      .limit(CALENDAR_EVENTS_MAX)
  },
})
