// What one way through the topology says: by which relations a fault would have come.
import type { SignalWeights } from '../settings.ts'
import type { Reach, TopologyGraph } from '../topology-graph.ts'

/** From a new alert's CI to the other's: from what it needs, to what needs it, or beside. */
export const wayLogOdds = (
  node: number,
  reach: Reach,
  graph: TopologyGraph,
  weights: SignalWeights,
): number => {
  const needing = (of: number): number => Math.log(1 + graph.effects(of).length)
  const by = reach.by ?? 'depends_on'
  if (reach.turns)
    return reach.hops > 2
      ? weights.besideFar
      : weights.beside[by] + weights.besideHubPerNat * needing(reach.turn)
  if (reach.hops > 1) {
    const two = reach.hops === 2
    if (!reach.falls) return two ? weights.fromTwo : weights.fromFar
    return two ? weights.toTwo : weights.toFar
  }
  return reach.falls
    ? weights.to[by] + weights.toHubPerNat * needing(node)
    : weights.from[by] + weights.fromHubPerNat * needing(reach.node)
}
