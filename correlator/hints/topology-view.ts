// Typed directed adjacency over a topology, both ways, with every list in a fixed order.
import type { Topology } from '../../domain/topology.ts'
import type { Neighbour, TopologyView } from './types.ts'

const NONE: readonly Neighbour[] = []

/** A whole and its parts pull each other down, so that `part_of` leads both ways. */
export const createTopologyView = (topology: Topology): TopologyView => {
  const cis = new Map(topology.cis.map((ci) => [ci.id, ci]))
  const out = new Map<string, Neighbour[]>()
  const into = new Map<string, Neighbour[]>()
  for (const { from, to, type } of topology.relations) {
    if (from === to) continue
    add(out, from, { ci: to, type })
    add(into, to, { ci: from, type })
    if (type !== 'part_of') continue
    add(out, to, { ci: from, type })
    add(into, from, { ci: to, type })
  }
  for (const side of [out, into])
    for (const list of side.values()) list.sort((a, b) => (a.ci < b.ci ? -1 : a.ci > b.ci ? 1 : 0))
  return {
    describe: (ci) => cis.get(ci),
    dependencies: (ci) => out.get(ci) ?? NONE,
    dependants: (ci) => into.get(ci) ?? NONE,
  }
}

const add = (side: Map<string, Neighbour[]>, key: string, neighbour: Neighbour): void => {
  const list = side.get(key)
  if (list) list.push(neighbour)
  else side.set(key, [neighbour])
}
