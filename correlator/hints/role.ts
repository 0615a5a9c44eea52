// Whether its alert types are those of causes or those of symptoms.
import type { RootCauseHint } from './types.ts'

const ODDS_MAX = 1.5
/** Below this many observations there is nothing to tell. */
const SEEN_MIN = 3

export const roleHint: RootCauseHint = {
  name: 'role',
  speak: ({ ci, alerting }, { input, name }) => {
    if (!alerting) return undefined
    const roles = alerting.cells
      .map((cell) => ({ type: cell.name, ...input.knowledge.role(cell.name, input.now) }))
      .filter(({ asCause, asSymptom }) => asCause + asSymptom >= SEEN_MIN)
      .sort((a, b) => b.logOdds - a.logOdds)
    const top = roles[0]
    if (!top) return undefined
    const [times, word] =
      top.logOdds > 0 ? [top.asCause, 'upstream of'] : [top.asSymptom, 'downstream of']
    const of = Math.round(top.asCause + top.asSymptom)
    return {
      weight: Math.max(-ODDS_MAX, Math.min(ODDS_MAX, top.logOdds)),
      text: `${top.type}, as on ${name(ci)}, was ${word} the other alerts ${Math.round(times)} of ${of} times`,
    }
  },
}
