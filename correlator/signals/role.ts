// Signal: causes and symptoms in their places: a symptom comes from what it needs, a cause does not.
import { type Leaning, leaningOf } from '../hints/vocabulary.ts'
import type { LiveAlert } from '../live-alert.ts'
import type { RoleWeights } from '../settings.ts'
import type { Pair, Signal, SignalContext } from './signal.ts'

const known = new Map<string, Leaning>()
const KNOWN_MAX = 10_000

/** What its words say an alert is; worked out once for each name. */
const leaning = ({ name }: LiveAlert): Leaning => {
  let found = known.get(name)
  if (found === undefined) {
    if (known.size >= KNOWN_MAX) known.clear()
    found = leaningOf(name)
    known.set(name, found)
  }
  return found
}

const weightsOf = ({ relation, reach }: Pair, { settings }: SignalContext): RoleWeights => {
  const { roles } = settings.weights
  if (relation === 'same' || relation === 'beside') return roles[relation]
  if (reach === undefined) return roles.none
  if (reach.hops > 1) return roles.far
  return relation === 'from' ? roles.from : roles.to
}

export const role: Signal = {
  name: 'role',
  weigh: (pair, context) => {
    const { mine, other } = weightsOf(pair, context)
    return mine[leaning(pair.alert)] + other[leaning(pair.other)]
  },
  explain: ({ alert, other }) =>
    `${alert.name} reads like ${phrase(leaning(alert))}, ${other.name} like ${phrase(leaning(other))}.`,
}

const phrase = (said: Leaning): string =>
  said === 'none' ? 'either cause or symptom' : `a ${said}`
