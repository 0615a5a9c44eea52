// The topology as the join reads it: who can have caused what, how near, and by which way.
import type { Ci, Relation, RelationType, Topology } from '../domain/topology.ts'

/** One CI within reach of another. */
export interface Reach {
  readonly node: number
  /** Length of the way: its steps by type, and what turning on it costs. */
  readonly cost: number
  readonly hops: number
  /** Type of the last step. */
  readonly by: RelationType | undefined
  /** The node before this one on the cheapest way. */
  readonly via: number
  /** True where the way turns at a common cause that both ends depend on. */
  readonly turns: boolean
  /** The silent common cause at which the way turns; -1 where it does not. */
  readonly turn: number
  /** True where the way leads down to what depends on the start; false up to what it needs. */
  readonly falls: boolean
}

/** Of what no CI describes but a relation names. */
export const UNKNOWN_KIND = 'unknown'

export interface TopologyGraph {
  readonly size: number
  /** By node; what only a relation names comes last. */
  readonly cis: readonly Ci[]
  /** @returns -1 where the topology does not know the CI */
  nodeOf(idOrName: string): number
  idOf(node: number): string
  nameOf(node: number): string
  kindOf(node: number): string
  /** Nearest first, itself first of all; at most `neighboursMax`. */
  around(node: number): readonly Reach[]
  between(from: number, to: number): Reach | undefined
  /** A sentence about the way between two CIs. */
  describe(from: number, to: number): string
  causes(node: number): readonly Edge[]
  effects(node: number): readonly Edge[]
  readonly topology: Topology
}

export interface Edge {
  readonly node: number
  readonly type: RelationType
}

const HOPS_MAX = 4
const CACHED_MAX = 4_096

/** Cost of a step, and of turning at a silent common cause: the more hang on it, the more. */
const STEP_COST: Record<RelationType, number> = {
  depends_on: 1,
  runs_on: 1.2,
  connects_to: 1.4,
  part_of: 1,
}
const TURN_COST = 0.8
const TURN_COST_PER_NAT = 0.4
const COST_MAX = 4.5

const PHRASE: Record<RelationType, string> = {
  depends_on: 'depends on',
  runs_on: 'runs on',
  connects_to: 'is connected to',
  part_of: 'is part of',
}

export const createTopologyGraph = (topology: Topology, neighboursMax: number): TopologyGraph => {
  const cis = [...topology.cis]
  const byName = new Map<string, number>()
  for (const [node, ci] of cis.entries()) {
    const name = ci.name.toLowerCase()
    if (!byName.has(name)) byName.set(name, node)
  }
  for (const [node, ci] of cis.entries()) byName.set(ci.id.toLowerCase(), node)
  for (const id of topology.relations.flatMap(({ from, to }) => [from, to]))
    if (!byName.has(id.toLowerCase())) {
      byName.set(id.toLowerCase(), cis.length)
      cis.push({ id, kind: UNKNOWN_KIND, name: id, attributes: {} })
    }
  const { causes, effects } = buildEdges(topology.relations, cis.length, byName)
  const reachable = new Map<number, { list: Reach[]; byNode: Map<number, Reach> }>()

  const reach = (node: number): { list: Reach[]; byNode: Map<number, Reach> } => {
    const known = reachable.get(node)
    if (known !== undefined) return known
    const list = walk(node, causes, effects, neighboursMax)
    const found = { list, byNode: new Map(list.map((entry) => [entry.node, entry])) }
    if (reachable.size >= CACHED_MAX) reachable.clear()
    reachable.set(node, found)
    return found
  }

  const graph: TopologyGraph = {
    size: cis.length,
    cis,
    topology,
    nodeOf: (idOrName) => byName.get(idOrName.toLowerCase()) ?? -1,
    idOf: (node) => cis[node]!.id,
    nameOf: (node) => cis[node]!.name,
    kindOf: (node) => cis[node]!.kind,
    around: (node) => reach(node).list,
    between: (from, to) => reach(from).byNode.get(to),
    describe: (from, to) => describeWay(graph, reach(from).byNode, from, to),
    causes: (node) => causes[node]!,
    effects: (node) => effects[node]!,
  }
  return graph
}

const buildEdges = (
  relations: readonly Relation[],
  size: number,
  byName: ReadonlyMap<string, number>,
): { causes: Edge[][]; effects: Edge[][] } => {
  const causes: Edge[][] = Array.from({ length: size }, () => [])
  const effects: Edge[][] = Array.from({ length: size }, () => [])
  for (const { from, to, type } of relations) {
    const effect = byName.get(from.toLowerCase())
    const cause = byName.get(to.toLowerCase())
    if (effect === undefined || cause === undefined || effect === cause) continue
    causes[effect]!.push({ node: cause, type })
    effects[cause]!.push({ node: effect, type })
    // A whole and its parts pull each other down.
    if (type === 'part_of') {
      causes[cause]!.push({ node: effect, type })
      effects[effect]!.push({ node: cause, type })
    }
  }
  return { causes, effects }
}

/**
 * Cheapest ways first to causes, then from there to effects. A way never climbs from an effect to
 * another of its causes: two things that a third depends on say nothing about each other.
 */
const walk = (
  start: number,
  causes: readonly (readonly Edge[])[],
  effects: readonly (readonly Edge[])[],
  neighboursMax: number,
): Reach[] => {
  const done = new Set<number>()
  const found = new Map<number, Reach>()
  let frontier: Reach[] = [
    {
      node: start,
      cost: 0,
      hops: 0,
      by: undefined,
      via: start,
      turns: false,
      turn: -1,
      falls: false,
    },
  ]
  const offer = (step: Reach): void => {
    if (step.cost > COST_MAX || step.hops > HOPS_MAX) return
    if (!done.has(step.node * 2 + (step.falls ? 1 : 0))) frontier.push(step)
  }
  while (frontier.length > 0 && found.size < neighboursMax) {
    const step = takeCheapest(frontier)
    const key = step.node * 2 + (step.falls ? 1 : 0)
    if (done.has(key)) continue
    done.add(key)
    if (!found.has(step.node)) found.set(step.node, step)
    if (!step.falls)
      for (const edge of causes[step.node]!)
        offer({ ...advance(step, edge), turns: false, turn: -1, falls: false })
    const turning = !step.falls && step.node !== start
    const turnCost = turning
      ? TURN_COST + TURN_COST_PER_NAT * Math.log(1 + effects[step.node]!.length)
      : 0
    for (const edge of effects[step.node]!) {
      const next = advance(step, edge)
      const turn = turning ? step.node : step.turn
      offer({ ...next, cost: next.cost + turnCost, turns: turn >= 0, turn, falls: true })
    }
    if (frontier.length > neighboursMax * 64) frontier = frontier.slice(0, neighboursMax * 32)
  }
  return [...found.values()]
}

const advance = (step: Reach, edge: Edge): Reach => ({
  node: edge.node,
  cost: step.cost + STEP_COST[edge.type],
  hops: step.hops + 1,
  by: edge.type,
  via: step.node,
  turns: step.turns,
  turn: step.turn,
  falls: step.falls,
})

const takeCheapest = (frontier: Reach[]): Reach => {
  let best = 0
  for (let i = 1; i < frontier.length; i++) if (frontier[i]!.cost < frontier[best]!.cost) best = i
  const step = frontier[best]!
  frontier[best] = frontier.at(-1)!
  frontier.pop()
  return step
}

const describeWay = (
  graph: TopologyGraph,
  byNode: ReadonlyMap<number, Reach>,
  from: number,
  to: number,
): string => {
  const end = byNode.get(to)
  if (end === undefined) return ''
  const one = graph.nameOf(from)
  const other = graph.nameOf(to)
  if (from === to) return `Both are on ${one}.`
  const down = graph.causes(from).find((edge) => edge.node === to)
  if (down !== undefined) return `${one} ${PHRASE[down.type]} ${other}.`
  const up = graph.effects(from).find((edge) => edge.node === to)
  if (up !== undefined) return `${other} ${PHRASE[up.type]} ${one}.`
  const between: string[] = []
  let at = end.via
  while (at !== from && between.length < HOPS_MAX) {
    between.unshift(graph.nameOf(at))
    at = byNode.get(at)?.via ?? from
  }
  return `${one} and ${other} are ${end.hops} steps apart, by ${between.join(' and ')}.`
}
