// Signal: an effect that already has its cause needs no second one, however near that is.
import type { Pair, Signal } from './signal.ts'

/** Would the alert be taken for the cause of one that has a cause already? */
const isSecondCause = ({ other, relation }: Pair): boolean => relation === 'to' && other.explained

export const explained: Signal = {
  name: 'explained',
  weigh: (pair, { settings }) => (isSecondCause(pair) ? settings.weights.secondCause : 0),
  explain: ({ other }) => `${other.name} on ${other.ci} was already explained by what came before.`,
}
