// Signal: faults spread along relations; the nearer two CIs are, the likelier one incident.
import type { Signal } from './signal.ts'
import { wayLogOdds } from './way.ts'

/** So much likelier than others, in nats, is worth a word. */
const LIKELY = 0.7

export const topology: Signal = {
  name: 'topology',
  weigh: (pair, context) => {
    const { alert, other, relation, reach } = pair
    const { weights } = context.settings
    if (relation === 'same') return weights.sameCi
    if (reach !== undefined) return wayLogOdds(alert.node, reach, context.graph, weights)
    if (alert.node >= 0 && other.node >= 0) return weights.noPath
    // A storm is close in time to everything.
    if (other.stormed) return weights.besideStorm
    if (relation !== 'kin' && context.graph.size === 0) return weights.noTopology
    const kin = relation === 'kin'
    const likely = weights.likelyWay * context.likelyWays.logOdds(alert, other, kin)
    return (kin ? weights.kin : weights.unknownPath) + likely
  },
  explain: ({ alert, other, relation, reach }, { graph, likelyWays }) => {
    if (relation === 'same') return `Both are on ${alert.ci}.`
    if (reach !== undefined) return graph.describe(alert.node, other.node)
    if (alert.node >= 0 && other.node >= 0)
      return `The topology shows no way between ${alert.ci} and ${other.ci}.`
    if (alert.ci === undefined) return 'No CI is known for it, so the topology says nothing.'
    const missing = alert.node < 0 ? alert.ci : (other.ci ?? other.name)
    const likely = likelyWays.logOdds(alert, other, relation === 'kin') >= LIKELY
    return `The topology does not know ${missing}${likely ? '; such CIs are often related' : ''}.`
  },
}
