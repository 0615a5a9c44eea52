// Which tickets are whose team's: the conditions that lists and look-ups share.
import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { DeskSql } from '../store/database.ts'
import { alerts, incidents, requests, tasks } from '../store/schema.ts'

/** Undefined = not limited. */
export type LimitedTo = readonly string[] | undefined

export const incidentsOf = (teams: LimitedTo): SQL | undefined =>
  teams && inArray(incidents.team, [...teams])

export const requestsOf = (teams: LimitedTo): SQL | undefined =>
  teams && inArray(requests.team, [...teams])

/** An alert is of the team that has its incident. */
export const alertsOf = (teams: LimitedTo): SQL | undefined =>
  teams &&
  sql`exists (select 1 from ${incidents} where ${and(
    sql`${incidents.id} = ${alerts.incidentId}`,
    incidentsOf(teams),
  )})`

/** A task is of the team that has its ticket. */
export const tasksOf = (teams: LimitedTo): SQL | undefined =>
  teams &&
  or(
    sql`exists (select 1 from ${incidents} where ${and(
      sql`${incidents.id} = ${tasks.ticketId}`,
      incidentsOf(teams),
    )})`,
    sql`exists (select 1 from ${requests} where ${and(
      sql`${requests.id} = ${tasks.ticketId}`,
      requestsOf(teams),
    )})`,
  )

export const teamLimitQueries = (database: DeskSql) => ({
  /** Is what this id or number names a ticket of one of these teams? */
  async isOfTeams(
    kind: 'incident' | 'request' | 'task',
    idOrNumber: string,
    teams: readonly string[],
  ): Promise<boolean> {
    const named = <T extends typeof incidents | typeof requests>(table: T) =>
      or(eq(table.id, idOrNumber), eq(table.number, idOrNumber))
    const ask = {
      incident: () =>
        database
          .select({ id: incidents.id })
          .from(incidents)
          .where(and(named(incidents), incidentsOf(teams))),
      request: () =>
        database
          .select({ id: requests.id })
          .from(requests)
          .where(and(named(requests), requestsOf(teams))),
      task: () =>
        database
          .select({ id: tasks.id })
          .from(tasks)
          .where(and(eq(tasks.id, idOrNumber), tasksOf(teams))),
    }
    return (await ask[kind]()).length > 0
  },
})
