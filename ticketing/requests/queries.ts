// Asking for service requests.
import { and, desc, eq, inArray, or, sql } from 'drizzle-orm'
import { isoTime } from '../../domain/time.ts'
import type { Page } from '../api/schemas.ts'
import type { RequestDetail, RequestSummary } from '../api/work-schemas.ts'
import { type Keyset, toPage } from '../cursor.ts'
import { readTasks, readTimeline } from '../incidents/queries.ts'
import { present, timeOrNone } from '../incidents/views.ts'
import { legalActions } from '../lifecycles/lifecycle.ts'
import { REQUEST_LIFECYCLE, type RequestAction, type RequestState } from '../lifecycles/request.ts'
import { type LimitedTo, requestsOf } from '../people/team-limits.ts'
import type { DeskSql } from '../store/database.ts'
import { type RequestRow, requests } from '../store/schema.ts'

const requestSummary = (row: RequestRow): RequestSummary => ({
  id: row.id,
  number: row.number,
  item: row.item,
  title: row.title,
  status: row.status,
  requester: row.requester,
  createdAt: isoTime(row.createdAt),
  version: row.version,
  ...present({
    assignee: row.assignee,
    team: row.team,
    dueAt: timeOrNone(row.dueAt),
    fulfilledAt: timeOrNone(row.fulfilledAt),
  }),
})

export interface RequestFilter {
  readonly status?: readonly RequestState[]
  readonly requester?: string
  readonly assignee?: string
  readonly limitedTo?: LimitedTo
}

export const requestQueries = (database: DeskSql) => ({
  /** Newest first. */
  async listRequests(
    { status, requester, assignee, limitedTo }: RequestFilter,
    limit: number,
    after?: Keyset,
  ): Promise<Page<RequestSummary>> {
    const rows = await database
      .select()
      .from(requests)
      .where(
        and(
          status && inArray(requests.status, [...status]),
          requester === undefined ? undefined : eq(requests.requester, requester),
          assignee === undefined ? undefined : eq(requests.assignee, assignee),
          requestsOf(limitedTo),
          after && sql`(${requests.createdAt}, ${requests.id}) < (${after.key}, ${after.id})`,
        ),
      )
      .orderBy(desc(requests.createdAt), desc(requests.id))
      .limit(limit + 1)
    return toPage(rows, limit, requestSummary, (row) => ({ key: row.createdAt, id: row.id }))
  },

  /** By id or by number (`REQ-3`). */
  async findRequest(idOrNumber: string): Promise<RequestDetail | undefined> {
    const [row] = await database
      .select()
      .from(requests)
      .where(or(eq(requests.id, idOrNumber), eq(requests.number, idOrNumber)))
      .limit(1)
    if (row === undefined) return undefined
    return {
      ...requestSummary(row),
      form: row.form,
      tasks: await readTasks(database, row.id),
      timeline: await readTimeline(database, row.id),
      actions: legalActions<RequestState, RequestAction>(REQUEST_LIFECYCLE, row.status),
    }
  },
})
