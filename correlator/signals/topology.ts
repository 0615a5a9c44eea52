// Signal: faults spread along relations; the nearer two CIs are, the likelier one incident.
import type { Reach } from '../topology-graph.ts'
import type { Pair, Signal, SignalContext } from './signal.ts'

/** By which way a fault would have come: from what the CI needs, to what needs it, or beside. */
const wayLogOdds = (
  { alert, other, relation }: Pair,
  reach: Reach,
  { graph, settings: { weights } }: SignalContext,
): number => {
  const needing = (node: number): number => Math.log(1 + graph.effects(node).length)
  const by = reach.by ?? 'depends_on'
  if (relation === 'beside')
    return reach.hops > 2
      ? weights.besideFar
      : weights.beside[by] + weights.besideHubPerNat * needing(reach.turn)
  if (reach.hops > 1) {
    const two = reach.hops === 2
    if (relation === 'from') return two ? weights.fromTwo : weights.fromFar
    return two ? weights.toTwo : weights.toFar
  }
  return relation === 'to'
    ? weights.to[by] + weights.toHubPerNat * needing(alert.node)
    : weights.from[by] + weights.fromHubPerNat * needing(other.node)
}

export const topology: Signal = {
  name: 'topology',
  weigh: (pair, context) => {
    const { alert, other, relation, reach } = pair
    const { weights } = context.settings
    if (relation === 'same') return weights.sameCi
    if (reach !== undefined) return wayLogOdds(pair, reach, context)
    if (alert.node >= 0 && other.node >= 0) return weights.noPath
    // A storm is close in time to everything.
    if (other.stormed) return weights.besideStorm
    if (relation === 'kin') return weights.kin
    return context.graph.size === 0 ? weights.noTopology : weights.unknownPath
  },
  explain: ({ alert, other, relation, reach }, { graph }) => {
    if (relation === 'same') return `Both are on ${alert.ci}.`
    if (reach !== undefined) return graph.describe(alert.node, other.node)
    if (alert.node >= 0 && other.node >= 0)
      return `The topology shows no way between ${alert.ci} and ${other.ci}.`
    if (alert.ci === undefined) return 'No CI is known for it, so the topology says nothing.'
    const missing = alert.node < 0 ? alert.ci : (other.ci ?? other.name)
    return `The topology does not know ${missing}.`
  },
}
