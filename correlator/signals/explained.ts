// Signal: an effect that already has its cause needs no second one, however near that is.
import type { Pair, Signal, SignalContext } from './signal.ts'

const weight = ({ other, relation }: Pair, { settings: { weights } }: SignalContext): number => {
  if (!other.explained) return 0
  if (relation === 'to') return weights.secondCause
  if (relation === 'beside') return weights.secondSilentCause
  return relation === 'from' || relation === 'same' ? weights.chain : 0
}

export const explained: Signal = {
  name: 'explained',
  weigh: weight,
  explain: ({ other }) => `${other.name} on ${other.ci} was already explained by what came before.`,
}
