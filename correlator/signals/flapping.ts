// Signal: an alert that toggles says little about what happens beside it.
import { flapCountBefore } from '../live-alert.ts'
import type { Pair, Signal, SignalContext } from './signal.ts'

const flaps = ({ alert, other }: Pair, { settings }: SignalContext): boolean =>
  flapCountBefore(other, alert.at, settings.flapWindowMs) >= settings.flapResolves

export const flapping: Signal = {
  name: 'flapping',
  weigh: (pair, context) => (flaps(pair, context) ? context.settings.weights.flapping : 0),
  explain: ({ other }) => `${other.name} keeps toggling, so it counts for less.`,
}
