// How unusual its own alerts are: an alert seen every day says little about today.
import type { RootCauseHint } from './types.ts'

/** Log-odds per nat of rarity; the rarest alert counts in full, each further one half of the last. */
const WEIGHT_PER_NAT = 0.6
const NEXT_SHARE = 0.5
const RARE_SHARE_MAX = 0.05

export const rarityHint: RootCauseHint = {
  name: 'rarity',
  speak: ({ ci, alerting }, { input, name }) => {
    if (!alerting) return undefined
    const rarest = [...alerting.cells].sort((a, b) => b.weight - a.weight)
    const nats = rarest.reduce((sum, { weight }, rank) => sum + weight * NEXT_SHARE ** rank, 0)
    const top = rarest[0]!
    const seen = input.knowledge.seen(ci, top.name, input.now)
    const incidents = Math.round(seen.incidents)
    const times = Math.round(seen.with)
    const rare = times <= RARE_SHARE_MAX * incidents ? ' is rare here' : ''
    return {
      weight: WEIGHT_PER_NAT * nats,
      text: `${top.name} on ${name(ci)}${rare || ' recurs'}: in ${times} of the last ${incidents} incidents`,
    }
  },
}
