// Signal: several CIs that need the same thing alert at once; then that thing is what they share.
import type { Pair, Signal, SignalContext } from './signal.ts'

const perNat = ({ relation }: Pair, { settings: { weights } }: SignalContext): number => {
  if (relation === 'from') return weights.fromWitnessPerNat
  if (relation === 'to') return weights.toWitnessPerNat
  if (relation === 'beside') return weights.besideWitnessPerNat
  return relation === 'kin' ? weights.kinWitnessPerNat : 0
}

/** What the two share: the one of them that the rest needs, or what both need. */
const shared = ({ alert, other, relation, reach }: Pair, { graph }: SignalContext): string => {
  if (relation === 'to') return alert.ci ?? alert.name
  if (relation === 'beside' && reach !== undefined) return graph.nameOf(reach.turn)
  return other.ci ?? other.name
}

export const witnesses: Signal = {
  name: 'witnesses',
  weigh: (pair, context) => perNat(pair, context) * Math.log(1 + pair.witnesses),
  explain: (pair, context) => {
    const cis = pair.witnesses === 1 ? 'One more CI' : `${pair.witnesses} CIs`
    return pair.relation === 'kin'
      ? `${cis} of like name alerted within minutes.`
      : `${cis} that need ${shared(pair, context)} alerted within minutes.`
  },
}
