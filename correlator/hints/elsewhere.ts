// A CI that alerted at the same time in another incident: the join may have lacked the relation.
import { SECOND_MS } from '../../domain/time.ts'
import type { RootCauseHint } from './types.ts'
import { durationText } from './words.ts'

/** Where it is known to be upstream, and where the topology does not know it at all. */
const ODDS_UPSTREAM = -1.25
const ODDS_UNKNOWN = -1.7
/** Per log(1 + distance from the incident's first onset, in units of the scale). */
const ODDS_APART = -1.1
const APART_SCALE_MS = 10 * SECOND_MS

export const elsewhereHint: RootCauseHint = {
  name: 'elsewhere',
  speak: ({ ci, alerting, elsewhere, explains }, { firstOnset, name }) => {
    if (!alerting || !elsewhere) return undefined
    const apartMs = alerting.onset - firstOnset
    const when = `${durationText(Math.abs(apartMs))} ${apartMs <= 0 ? 'before' : 'after'}`
    const known = explains.length > 0
    return {
      weight:
        (known ? ODDS_UPSTREAM : ODDS_UNKNOWN) +
        ODDS_APART * Math.log1p(Math.abs(apartMs) / APART_SCALE_MS),
      text: `${name(ci)}${known ? '' : ', which the topology does not know,'} alerted ${when} this began, in another incident`,
    }
  },
}
