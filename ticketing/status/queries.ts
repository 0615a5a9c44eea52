// What the status page is made of, read from the desk's tables.
import { and, asc, desc, eq, gt, inArray, lt, notInArray } from 'drizzle-orm'
import { DAY_MS, type Millis } from '../../domain/time.ts'
import { createGraph } from '../cis/graph.ts'
import { readTopology } from '../cis/topology.ts'
import type { DeskSql } from '../store/database.ts'
import { type IncidentRow, incidents, maintenanceWindows } from '../store/schema.ts'
import { type Disturbance, type ServiceStatus, serviceStates } from './services.ts'

/** Of more incidents or windows than these the newest are shown. */
const OPEN_READ_MAX = 1_000
const PAST_READ_MAX = 200
const WINDOWS_READ_MAX = 500
const SERVICES_MAX = 500
/** How far the page looks back, and ahead. */
const PAST_MS = 7 * DAY_MS
const AHEAD_MS = 14 * DAY_MS

const disturbance = (row: IncidentRow): Disturbance => ({
  number: row.number,
  title: row.title,
  status: row.status,
  severity: row.severity,
  openedAt: row.openedAt,
  resolvedAt: row.resolvedAt,
  cis: row.correlation.cis,
})

/** What nobody is told of, customers are not told of either: maintenance says it better. */
const announced = (row: IncidentRow): boolean => row.correlation.muted !== true

const readDisturbances = async (database: DeskSql, now: Millis): Promise<Disturbance[]> => {
  const open = await database
    .select()
    .from(incidents)
    .where(notInArray(incidents.status, ['resolved', 'closed', 'merged']))
    .orderBy(desc(incidents.openedAt))
    .limit(OPEN_READ_MAX)
  const past = await database
    .select()
    .from(incidents)
    .where(
      and(
        inArray(incidents.status, ['resolved', 'closed']),
        gt(incidents.resolvedAt, now - PAST_MS),
      ),
    )
    .orderBy(desc(incidents.resolvedAt))
    .limit(PAST_READ_MAX)
  return [...open, ...past].filter(announced).map(disturbance)
}

export const statusQueries = (database: DeskSql) => ({
  /** @param services ids in the order to be shown; absent = every service, by name */
  async serviceStates(now: Millis, services?: readonly string[]): Promise<ServiceStatus[]> {
    const topology = await readTopology(database)
    const ids =
      services ??
      topology.cis
        .filter(({ kind }) => kind === 'service')
        .sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1))
        .map(({ id }) => id)
    const work = await database
      .select()
      .from(maintenanceWindows)
      .where(
        and(
          eq(maintenanceWindows.cancelled, false),
          gt(maintenanceWindows.endsAt, now),
          lt(maintenanceWindows.startsAt, now + AHEAD_MS),
        ),
      )
      .orderBy(asc(maintenanceWindows.startsAt))
      .limit(WINDOWS_READ_MAX)
    return serviceStates(
      createGraph(topology),
      ids.slice(0, SERVICES_MAX),
      await readDisturbances(database, now),
      work,
      now,
    )
  },
})
