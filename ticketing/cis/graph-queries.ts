// Asking the CI graph: as of any moment, what an outage reaches, what warns, what is missing.
import { desc, eq } from 'drizzle-orm'
import { isoTime, type Millis } from '../../domain/time.ts'
import type { Topology } from '../../domain/topology.ts'
import type { CiVersionView, ImpactView, ProposalView } from '../api/schemas.ts'
import { present, timeOrNone } from '../incidents/views.ts'
import { disabledAmong } from '../people/absent.ts'
import type { DeskSql } from '../store/database.ts'
import { alerts, cis } from '../store/schema.ts'
import { type AssetWarning, assetWarnings } from './assets.ts'
import { proposals } from './discovery.ts'
import { createGraph, impactOf } from './graph.ts'
import { ciView } from './queries.ts'
import { readTopology } from './topology.ts'

const VERSIONS_SHOWN_MAX = 200
/** Alerts that proposals are made from, the newest. */
const ALERTS_READ_MAX = 2_000

export const graphQueries = (database: DeskSql) => ({
  /** As it is now, or as it was then. */
  topology: (at?: Millis): Promise<Topology> => readTopology(database, at),

  /** What suffers where this CI fails, by the graph of an instant; undefined: no such CI then. */
  async impactOfCi(id: string, at?: Millis): Promise<ImpactView | undefined> {
    const graph = createGraph(await readTopology(database, at))
    if (graph.ci(id) === undefined) return undefined
    const dependants = graph.dependants(id).flatMap(({ id: other, distance }) => {
      const ci = graph.ci(other)
      return ci === undefined || other === id
        ? []
        : [{ id: other, name: ci.name, kind: ci.kind, distance }]
    })
    return {
      ci: id,
      ...present({ impact: impactOf(graph, [id]) }),
      services: dependants.filter(({ kind }) => kind === 'service').map((each) => each.id),
      dependants,
    }
  },

  /** Every version of a CI that ever was, newest first. */
  async ciHistory(id: string): Promise<CiVersionView[]> {
    const rows = await database
      .select()
      .from(cis)
      .where(eq(cis.id, id))
      .orderBy(desc(cis.validFrom))
      .limit(VERSIONS_SHOWN_MAX)
    return rows.map((row) => ({
      ...ciView(row),
      validFrom: isoTime(row.validFrom),
      ...present({ validTo: timeOrNone(row.validTo) }),
    }))
  },

  async assetWarnings(now: Millis, withinMs: Millis): Promise<AssetWarning[]> {
    const { cis } = await readTopology(database)
    const owners = cis.flatMap(({ attributes }) => attributes.owner ?? [])
    return assetWarnings(cis, now, withinMs, await disabledAmong(database, owners))
  },

  /** CIs that the newest alerts speak of and the topology lacks. */
  async ciProposals(): Promise<ProposalView[]> {
    const rows = await database
      .select({ body: alerts.body })
      .from(alerts)
      .orderBy(desc(alerts.lastSeen), desc(alerts.id))
      .limit(ALERTS_READ_MAX)
    const known = new Set((await readTopology(database)).cis.map(({ id }) => id))
    return proposals(
      rows.map(({ body }) => body),
      (ci) => known.has(ci),
    ).map((each) => ({ ...each, lastSeen: isoTime(each.lastSeen) }))
  },
})
