// Signal: faults spread along relations; the nearer two CIs are, the likelier one incident.
import type { Signal } from './signal.ts'

export const topology: Signal = {
  name: 'topology',
  weigh: ({ alert, other, sameCi, reach }, { settings: { weights } }) => {
    if (sameCi) return weights.sameCi
    if (reach !== undefined) return weights.sameCi - reach.cost
    return alert.node >= 0 && other.node >= 0 ? weights.noPath : weights.unknownPath
  },
  explain: ({ alert, other, sameCi, reach }, { graph }) => {
    if (sameCi) return `Both are on ${alert.ci}.`
    if (reach !== undefined) return graph.describe(other.node, alert.node)
    if (alert.node >= 0 && other.node >= 0)
      return `The topology shows no way between ${alert.ci} and ${other.ci}.`
    if (alert.ci === undefined) return 'No CI is known for it, so the topology says nothing.'
    const missing = alert.node < 0 ? alert.ci : (other.ci ?? other.name)
    return `The topology does not know ${missing}.`
  },
}
