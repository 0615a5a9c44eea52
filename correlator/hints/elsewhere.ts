// A CI that alerted at the same time in another incident: the join may have lacked the relation.
import { SECOND_MS } from '../../domain/time.ts'
import type { Candidate, RootCauseHint, Scene } from './types.ts'
import { durationText } from './words.ts'

/** By how the topology relates it to what alerts here. */
const ODDS = { upstream: -2.1, unknown: -0.75, unrelated: -2.8 } as const
/** What alerts alone over there may well have its effects here. */
const ODDS_LONE = 1.2
/** Per log(1 + distance from the incident's first onset, in units of the scale). */
const ODDS_APART = -0.87
const APART_SCALE_MS = 10 * SECOND_MS

const WORDS = {
  upstream: '',
  unknown: ', which the topology does not know,',
  unrelated: ', which nothing here is known to depend on,',
} as const

export const elsewhereHint: RootCauseHint = {
  name: 'elsewhere',
  speak: (candidate, scene) => {
    const { ci, alerting, elsewhere } = candidate
    if (!alerting || !elsewhere) return undefined
    const apartMs = alerting.onset - scene.firstOnset
    const when = `${durationText(Math.abs(apartMs))} ${apartMs <= 0 ? 'before' : 'after'}`
    const related = relatedHow(candidate, scene)
    return {
      weight:
        ODDS[related] +
        (elsewhere.lone ? ODDS_LONE : 0) +
        ODDS_APART * Math.log1p(Math.abs(apartMs) / APART_SCALE_MS),
      text: `${scene.name(ci)}${WORDS[related]} alerted ${when} this began, in another incident`,
    }
  },
}

const relatedHow = ({ ci, explains }: Candidate, { input }: Scene): keyof typeof ODDS => {
  if (explains.length > 0) return 'upstream'
  return input.topology.describe(ci) ? 'unrelated' : 'unknown'
}
