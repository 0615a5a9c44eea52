// The CI graph in memory: who depends on what, and what an outage of a CI reaches.
import type { Ci, Relation, Topology } from '../../domain/topology.ts'
import type { Level } from '../priority.ts'

export interface Graph {
  /** How many CIs there are. */
  readonly size: number
  ci(id: string): Ci | undefined
  /** Relations that begin or end at the CI. */
  relationsOf(id: string): readonly Relation[]
  /** The CI itself and everything that needs it, nearest first, with the distance. */
  dependants(id: string): readonly { readonly id: string; readonly distance: number }[]
}

/** Who suffers when `id` fails: what depends on it or runs on it, and the whole it is part of. */
const sufferer = ({ from, to, type }: Relation, id: string): string | undefined => {
  if (type === 'part_of') return from === id ? to : undefined
  return to === id && type !== 'connects_to' ? from : undefined
}
/** An impact walk looks no further: beyond, every CI reaches every service. */
const DISTANCE_MAX = 6
const REACHED_MAX = 5_000

export const createGraph = ({ cis, relations }: Topology): Graph => {
  const byId = new Map(cis.map((ci) => [ci.id, ci]))
  const touching = new Map<string, Relation[]>()
  const note = (id: string, relation: Relation): void => {
    const list = touching.get(id)
    if (list === undefined) touching.set(id, [relation])
    else list.push(relation)
  }
  for (const relation of relations) {
    note(relation.from, relation)
    if (relation.to !== relation.from) note(relation.to, relation)
  }
  const relationsOf = (id: string): readonly Relation[] => touching.get(id) ?? []
  return {
    size: byId.size,
    ci: (id) => byId.get(id),
    relationsOf,
    dependants(id) {
      const reached = [{ id, distance: 0 }]
      const seen = new Set([id])
      for (const at of reached) {
        if (at.distance === DISTANCE_MAX || reached.length >= REACHED_MAX) break
        for (const relation of relationsOf(at.id)) {
          const next = sufferer(relation, at.id)
          if (next === undefined || seen.has(next)) continue
          seen.add(next)
          reached.push({ id: next, distance: at.distance + 1 })
        }
      }
      return reached
    },
  }
}

const IMPACT_OF_CRITICALITY: ReadonlyMap<string, Level> = new Map([
  ['critical', 'high'],
  ['high', 'high'],
  ['medium', 'medium'],
  ['low', 'low'],
])
const RANK: Readonly<Record<Level, number>> = { high: 2, medium: 1, low: 0 }

/**
 * Where people have entered their CIs, one that they have not is a slip of the pen.
 * @returns which are not known, in a sentence, or undefined
 */
export const unknownCis = (graph: Graph, cis: readonly string[]): string | undefined => {
  const unknown = graph.size === 0 ? [] : cis.filter((id) => graph.ci(id) === undefined)
  return unknown.length === 0 ? undefined : `there is no CI ${unknown.slice(0, 10).join(', ')}`
}

/** The service that suffers most from trouble on these CIs; of equals, the nearest. */
export const serviceOf = (graph: Graph, cis: readonly string[]): string | undefined => {
  let worst: { readonly id: string; readonly rank: number } | undefined
  for (const start of cis)
    for (const { id } of graph.dependants(start)) {
      const ci = graph.ci(id)
      if (ci?.kind !== 'service') continue
      const rank = RANK[IMPACT_OF_CRITICALITY.get(ci.attributes.criticality ?? '') ?? 'medium']
      if (worst === undefined || rank > worst.rank) worst = { id, rank }
    }
  return worst?.id
}

/**
 * The impact of trouble on these CIs: the worst criticality (attribute `criticality`: critical,
 * high, medium, low) of what needs them; a service without one counts as medium.
 * @returns undefined where the graph knows neither a service nor a criticality behind them
 */
export const impactOf = (graph: Graph, cis: readonly string[]): Level | undefined => {
  let worst: Level | undefined
  for (const start of cis) {
    for (const { id } of graph.dependants(start)) {
      const ci = graph.ci(id)
      if (ci === undefined) continue
      const said = IMPACT_OF_CRITICALITY.get(ci.attributes.criticality ?? '')
      const level = said ?? (ci.kind === 'service' ? 'medium' : undefined)
      if (level !== undefined && (worst === undefined || RANK[level] > RANK[worst])) worst = level
      if (worst === 'high') return worst
    }
  }
  return worst
}
