// How unusual its own alerts are: a CI, or an alert type on it, seen every day says little today.
import { fading } from './fading.ts'
import type { Cell, RootCauseHint, Scene } from './types.ts'

/**
 * log((n + 2) / (df + 1)) falls into two parts: how seldom the CI alerts at all, and how seldom it
 * alerts in this way when it does. The first is one fact about the CI, however many alerts it has.
 */
const ODDS_PER_NAT_OF_CI = 0.6
const ODDS_PER_NAT_OF_TYPE = 0.25
/** The rarest alert counts in full, each further one a little less. */
const NEXT_SHARE = 0.9
const RARE_SHARE_MAX = 0.05

export const rarityHint: RootCauseHint = {
  name: 'rarity',
  speak: ({ alerting }, scene) => {
    if (!alerting || Math.round(scene.input.knowledge.incidents(scene.input.now)) === 0)
      return undefined
    const beyondCi = alerting.cells.map(({ weight }) => weight - alerting.rarity)
    const rarest = alerting.cells.reduce((a, b) => (b.weight > a.weight ? b : a))
    return {
      weight:
        ODDS_PER_NAT_OF_CI * alerting.rarity + ODDS_PER_NAT_OF_TYPE * fading(beyondCi, NEXT_SHARE),
      text: sentence(rarest, scene),
    }
  },
}

const sentence = ({ ci, name }: Cell, { input, name: nameOf }: Scene): string => {
  const seen = input.knowledge.seen(ci, name, input.now)
  const [incidents, times] = [Math.round(seen.incidents), Math.round(seen.ofCell)]
  const verdict = times <= RARE_SHARE_MAX * incidents ? 'is rare here' : 'recurs'
  const share =
    incidents === 1 ? `${times} of 1 incident` : `${times} of the last ${incidents} incidents`
  return `${name} on ${nameOf(ci)} ${verdict}: in ${share}`
}
