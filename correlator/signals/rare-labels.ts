// Signal: a label value or name part that few CIs share ties alerts together; a common one does not.
import type { Pair, Signal, SignalContext } from './signal.ts'

const best = ({ alert, other, sameCi }: Pair, context: SignalContext): [string, number] => {
  let token = ''
  let rarity = 0
  if (sameCi) return [token, rarity]
  for (const shared of alert.tokens) {
    if (!other.tokens.includes(shared)) continue
    const found = context.rarity(shared, alert.at)
    if (found > rarity) {
      token = shared
      rarity = found
    }
  }
  return [token, rarity]
}

export const rareLabels: Signal = {
  name: 'rare-labels',
  weigh: (pair, context) => {
    const { rareLabelMax, rareLabelPerNat } = context.settings.weights
    return Math.min(rareLabelMax, rareLabelPerNat * best(pair, context)[1])
  },
  explain: (pair, context) => {
    const [token, rarity] = best(pair, context)
    return `Both carry "${token}", as one in ${Math.max(2, Math.round(Math.exp(rarity)))} CIs does.`
  },
}
