// Signal: one recent change lies behind both alerts.
import type { Pair, Signal, SignalContext } from './signal.ts'

const shared = ({ alert, other, relation }: Pair, context: SignalContext): string | undefined => {
  if (relation === 'same') return undefined
  const change = context.changeNear(alert)
  return change !== undefined && context.changeNear(other)?.id === change.id
    ? `${change.id} on ${change.ci}`
    : undefined
}

export const sharedChange: Signal = {
  name: 'shared-change',
  weigh: (pair, context) =>
    shared(pair, context) === undefined ? 0 : context.settings.weights.sharedChange,
  explain: (pair, context) => `Both follow change ${shared(pair, context)}.`,
}
