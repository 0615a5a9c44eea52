// Signal: a label value or name part that few CIs share, where the topology shows no way.
import type { Pair, Signal, SignalContext } from './signal.ts'

const rarest = ({ alert, other, relation, reach }: Pair, context: SignalContext) => {
  let found = { token: '', nats: 0 }
  if (relation === 'same' || reach !== undefined) return found
  for (const token of alert.tokens) {
    if (!other.tokens.includes(token)) continue
    const nats = context.rarity(token, alert.at)
    if (nats > found.nats) found = { token, nats }
  }
  return found
}

export const rareLabels: Signal = {
  name: 'rare-labels',
  weigh: (pair, context) => {
    const { rarePerNat, rareNatsMax } = context.settings.weights
    return rarePerNat * Math.min(rareNatsMax, rarest(pair, context).nats)
  },
  explain: (pair, context) => {
    const { token, nats } = rarest(pair, context)
    return `Both carry "${token}", as one in ${Math.max(2, Math.round(Math.exp(nats)))} CIs does.`
  },
}
