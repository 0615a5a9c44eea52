// Asking for CIs and services, and what the open incidents mean for them.
import { and, asc, eq, notInArray, or, sql } from 'drizzle-orm'
import type { CiDetail, CiView, IncidentSummary, Page, ServiceView } from '../api/schemas.ts'
import { type Keyset, toPage } from '../cursor.ts'
import { incidentSummary } from '../incidents/views.ts'
import { incidentsOf, type LimitedTo } from '../people/team-limits.ts'
import { PRIORITIES, type Priority } from '../priority.ts'
import type { DeskSql } from '../store/database.ts'
import { type CiRow, cis, incidents, relations } from '../store/schema.ts'
import { createGraph, type Graph } from './graph.ts'
import { readTopology } from './topology.ts'

const OPEN_INCIDENTS_MAX = 500

export const ciView = ({ id, kind, name, attributes }: CiRow): CiView => ({
  id,
  kind,
  name,
  attributes,
})

const openIncidents = (database: DeskSql, limitedTo?: LimitedTo) =>
  database
    .select()
    .from(incidents)
    .where(
      and(notInArray(incidents.status, ['resolved', 'closed', 'merged']), incidentsOf(limitedTo)),
    )
    .orderBy(incidents.priority, incidents.id)
    .limit(OPEN_INCIDENTS_MAX)

const isOf =
  (limitedTo: LimitedTo) =>
  ({ team }: { readonly team?: string }): boolean =>
    limitedTo === undefined || (team !== undefined && limitedTo.includes(team))

const worstPriority = (found: readonly { priority: Priority }[]): Priority | undefined =>
  PRIORITIES.find((priority) => found.some((each) => each.priority === priority))

/** Which open incidents reach a CI: those on it and on what it needs. */
const incidentsByCi = (
  graph: Graph,
  open: readonly IncidentSummary[],
): Map<string, Set<IncidentSummary>> => {
  const reached = new Map<string, Set<IncidentSummary>>()
  for (const incident of open)
    for (const ci of incident.cis)
      for (const { id } of graph.dependants(ci)) {
        const found = reached.get(id)
        if (found === undefined) reached.set(id, new Set([incident]))
        else found.add(incident)
      }
  return reached
}

export const ciQueries = (database: DeskSql) => ({
  /** By id. */
  async listCis(
    filter: { readonly kind?: string; readonly q?: string },
    limit: number,
    after?: Keyset,
  ): Promise<Page<CiView>> {
    const rows = await database
      .select()
      .from(cis)
      .where(
        and(
          eq(cis.current, true),
          filter.kind === undefined ? undefined : eq(cis.kind, filter.kind),
          filter.q === undefined
            ? undefined
            : or(
                sql`position(lower(${filter.q}) in lower(${cis.id})) > 0`,
                sql`position(lower(${filter.q}) in lower(${cis.name})) > 0`,
              ),
          after && sql`${cis.id} > ${after.id}`,
        ),
      )
      .orderBy(asc(cis.id))
      .limit(limit + 1)
    return toPage(rows, limit, ciView, ({ id }) => ({ key: 0, id }))
  },

  async findCi(id: string, limitedTo?: LimitedTo): Promise<CiDetail | undefined> {
    const [row] = await database
      .select()
      .from(cis)
      .where(and(eq(cis.current, true), eq(cis.id, id)))
    if (row === undefined) return undefined
    const edges = await database
      .select()
      .from(relations)
      .where(and(eq(relations.current, true), or(eq(relations.from, id), eq(relations.to, id))))
    const open = (await openIncidents(database, limitedTo)).map(incidentSummary)
    return {
      ...ciView(row),
      relations: edges.map(({ from, to, type }) => ({ from, to, type })),
      openIncidents: open.filter((incident) => incident.cis.includes(id)),
    }
  },

  /**
   * CIs of kind `service`, with the worst that any open incident on what they need does to them:
   * that is everybody's to know, which incidents they are is their teams'.
   */
  async listServices(limitedTo?: LimitedTo): Promise<ServiceView[]> {
    const topology = await readTopology(database)
    const open = (await openIncidents(database)).map(incidentSummary)
    const reached = incidentsByCi(createGraph(topology), open)
    return topology.cis
      .filter(({ kind }) => kind === 'service')
      .map((ci) => {
        const found = [...(reached.get(ci.id) ?? [])]
        return {
          ...ci,
          health: worstPriority(found) ?? ('ok' as const),
          openIncidents: found
            .filter(isOf(limitedTo))
            .map(({ id, number, title }) => ({ id, number, title })),
        }
      })
  },
})
