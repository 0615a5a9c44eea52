// How unusual its own alerts are: an alert seen every day says little about today.
import { fading } from './fading.ts'
import type { RootCauseHint } from './types.ts'

/** Log-odds per nat of rarity; the rarest alert counts in full, each further one a little less. */
const WEIGHT_PER_NAT = 0.3
const NEXT_SHARE = 0.9
const RARE_SHARE_MAX = 0.05

export const rarityHint: RootCauseHint = {
  name: 'rarity',
  speak: ({ ci, alerting }, { input, name }) => {
    if (!alerting) return undefined
    const rarest = [...alerting.cells].sort((a, b) => b.weight - a.weight)
    const top = rarest[0]!
    const seen = input.knowledge.seen(ci, top.name, input.now)
    const incidents = Math.round(seen.incidents)
    const times = Math.round(seen.with)
    const rare = times <= RARE_SHARE_MAX * incidents ? ' is rare here' : ''
    return {
      weight:
        WEIGHT_PER_NAT *
        fading(
          alerting.cells.map(({ weight }) => weight),
          NEXT_SHARE,
        ),
      text: `${top.name} on ${name(ci)}${rare || ' recurs'}: in ${times} of the last ${incidents} incidents`,
    }
  },
}
