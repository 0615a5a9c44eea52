// Asking for heartbeats: the list, one, its pings, transitions and badge.
import { and, asc, desc, eq, gte, inArray, or, sql } from 'drizzle-orm'
import type { HeartbeatStatus } from '../../domain/heartbeat.ts'
import { isoTime, type Millis } from '../../domain/time.ts'
import type { Page } from '../api/schemas.ts'
import { type Keyset, toPage } from '../cursor.ts'
import { containing } from '../incidents/queries.ts'
import { present, timeOrNone } from '../incidents/views.ts'
import type { DeskSql } from '../store/database.ts'
import { UPTIME_WINDOW_MS } from './limits.ts'
import type { HeartbeatPingView, HeartbeatTransitionView, HeartbeatView } from './schemas.ts'
import {
  type HeartbeatRow,
  type HeartbeatTransitionRow,
  heartbeatPings,
  heartbeats,
  heartbeatTransitions,
} from './tables.ts'
import { uptimeOf } from './uptime.ts'

const TRANSITIONS_SHOWN_MAX = 500

const secondsOrNone = (ms: Millis | undefined): number | undefined =>
  ms === undefined ? undefined : ms / 1_000

/** URLs are paths: whoever answers knows under which name it was asked. */
export const heartbeatView = (row: HeartbeatRow, uptime: number | undefined): HeartbeatView => {
  const { definition, state } = row
  const { schedule, source } = definition
  return {
    id: row.id,
    name: row.name,
    slug: row.slug,
    tags: [...row.tags],
    status: row.status,
    pingCount: state?.pingCount ?? 0,
    scheduleKind: schedule.kind,
    graceSeconds: definition.graceMs / 1_000,
    severity: definition.severity,
    scope: definition.scope,
    labels: definition.labels,
    manualResume: definition.manualResume,
    postOnly: definition.postOnly,
    badgeUrl: `/badge/${row.badgeKey}.svg`,
    version: row.version,
    createdAt: isoTime(row.createdAt),
    createdBy: row.createdBy,
    ...(schedule.kind === 'period'
      ? { periodSeconds: schedule.periodMs / 1_000 }
      : { schedule: schedule.expression, timeZone: schedule.timeZone }),
    ...(source === undefined ? {} : { source: { ...source } }),
    ...present({
      description: row.description === '' ? undefined : row.description,
      uptime,
      pingUrl: row.uuid === null ? undefined : `/ping/${row.uuid}`,
      since: timeOrNone(state?.since),
      lastPingAt: timeOrNone(state?.lastPingAt),
      nextDueAt: row.status === 'paused' ? undefined : timeOrNone(state?.nextDueAt),
      graceEndsAt: row.status === 'paused' ? undefined : timeOrNone(state?.graceEndsAt),
      graceRestartedAt: timeOrNone(state?.graceRestartedAt),
      startedAt: timeOrNone(state?.startedAt),
      lastDurationSeconds: secondsOrNone(state?.lastDurationMs),
    }),
  }
}

const transitionsSince = async (
  database: DeskSql,
  ids: readonly string[],
  from: Millis,
): Promise<ReadonlyMap<string, HeartbeatTransitionRow[]>> => {
  const found = new Map<string, HeartbeatTransitionRow[]>(ids.map((id) => [id, []]))
  if (ids.length === 0) return found
  const rows = await database
    .select()
    .from(heartbeatTransitions)
    .where(
      and(inArray(heartbeatTransitions.heartbeatId, [...ids]), gte(heartbeatTransitions.at, from)),
    )
    .orderBy(asc(heartbeatTransitions.version))
  for (const row of rows) found.get(row.heartbeatId)?.push(row)
  return found
}

const viewsOf = async (
  database: DeskSql,
  rows: readonly HeartbeatRow[],
  now: Millis,
): Promise<HeartbeatView[]> => {
  const windowFrom = now - UPTIME_WINDOW_MS
  const changes = await transitionsSince(
    database,
    rows.map(({ id }) => id),
    windowFrom,
  )
  return rows.map((row) => {
    const from = Math.max(windowFrom, row.createdAt)
    return heartbeatView(row, uptimeOf(changes.get(row.id)!, row.status, from, now))
  })
}

const live = eq(heartbeats.deleted, false)

export interface HeartbeatFilter {
  readonly status?: readonly HeartbeatStatus[]
  readonly tag?: string
  readonly source?: string
  /** In the name, any case. */
  readonly q?: string
}

export const heartbeatQueries = (database: DeskSql) => {
  const named = (id: string) =>
    and(live, or(eq(heartbeats.id, id), eq(heartbeats.slug, id), eq(heartbeats.uuid, id)))
  return {
    /** Newest first. */
    async listHeartbeats(
      { status, tag, source, q }: HeartbeatFilter,
      now: Millis,
      limit: number,
      after?: Keyset,
    ): Promise<Page<HeartbeatView>> {
      const rows = await database
        .select()
        .from(heartbeats)
        .where(
          and(
            live,
            status && inArray(heartbeats.status, [...status]),
            tag === undefined ? undefined : sql`${heartbeats.tags} @> ${JSON.stringify([tag])}`,
            source === undefined
              ? undefined
              : sql`${heartbeats.definition} -> 'source' ->> 'name' = ${source}`,
            q === undefined ? undefined : sql`${heartbeats.name} ilike ${containing(q)}`,
            after && sql`(${heartbeats.createdAt}, ${heartbeats.id}) < (${after.key}, ${after.id})`,
          ),
        )
        .orderBy(desc(heartbeats.createdAt), desc(heartbeats.id))
        .limit(limit + 1)
      const page = toPage(
        rows,
        limit,
        (row) => row,
        (row) => ({ key: row.createdAt, id: row.id }),
      )
      return { ...page, items: await viewsOf(database, page.items, now) }
    },

    /** By id, slug or uuid. */
    async findHeartbeat(idOrSlug: string, now: Millis): Promise<HeartbeatView | undefined> {
      const rows = await database.select().from(heartbeats).where(named(idOrSlug)).limit(1)
      return (await viewsOf(database, rows, now))[0]
    },

    async heartbeatId(idOrSlug: string): Promise<string | undefined> {
      const [row] = await database
        .select({ id: heartbeats.id })
        .from(heartbeats)
        .where(named(idOrSlug))
        .limit(1)
      return row?.id
    },

    /** Of the heartbeat that a command has made, deleted or not. */
    async heartbeatUuid(id: string): Promise<string | undefined> {
      const [row] = await database
        .select({ uuid: heartbeats.uuid })
        .from(heartbeats)
        .where(eq(heartbeats.id, id))
      return row?.uuid ?? undefined
    },
  }
}

export const heartbeatHistoryQueries = (database: DeskSql) => ({
  /** Newest first. */
  async listHeartbeatPings(
    heartbeatId: string,
    limit: number,
    after?: Keyset,
  ): Promise<Page<HeartbeatPingView>> {
    const rows = await database
      .select()
      .from(heartbeatPings)
      .where(
        and(
          eq(heartbeatPings.heartbeatId, heartbeatId),
          after && sql`${heartbeatPings.number} < ${after.key}`,
        ),
      )
      .orderBy(desc(heartbeatPings.number))
      .limit(limit + 1)
    return toPage(
      rows,
      limit,
      ({ body: { at, durationMs, ...ping } }) => ({
        ...ping,
        at: isoTime(at),
        ...present({ durationSeconds: secondsOrNone(durationMs) }),
      }),
      (row) => ({ key: row.number, id: heartbeatId }),
    )
  },

  /** Newest first. */
  async heartbeatTransitions(heartbeatId: string): Promise<HeartbeatTransitionView[]> {
    const rows = await database
      .select()
      .from(heartbeatTransitions)
      .where(eq(heartbeatTransitions.heartbeatId, heartbeatId))
      .orderBy(desc(heartbeatTransitions.version))
      .limit(TRANSITIONS_SHOWN_MAX)
    return rows.map(({ heartbeatId: _, at, ...row }) => ({ ...row, at: isoTime(at) }))
  },

  async heartbeatBadge(
    badgeKey: string,
  ): Promise<{ name: string; status: HeartbeatStatus } | undefined> {
    const [row] = await database
      .select({ name: heartbeats.name, status: heartbeats.status })
      .from(heartbeats)
      .where(and(live, eq(heartbeats.badgeKey, badgeKey)))
    return row
  },
})
