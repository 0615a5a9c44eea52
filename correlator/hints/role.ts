// Whether its alert types are those of causes or those of symptoms.
import type { AlertRole, RootCauseHint } from './types.ts'

const ODDS_MAX = 3
/** Below this it is not worth a sentence. */
const ODDS_MIN = 0.1
/** From this many observations on the sentence speaks of them rather than of words. */
const SEEN_MIN = 3

export const roleHint: RootCauseHint = {
  name: 'role',
  speak: ({ ci, alerting }, { input, name }) => {
    if (!alerting) return undefined
    const [top] = alerting.cells
      .map((cell) => ({ type: cell.name, role: input.knowledge.role(cell.name, input.now) }))
      .sort((a, b) => b.role.logOdds - a.role.logOdds)
    if (!top || Math.abs(top.role.logOdds) < ODDS_MIN) return undefined
    return {
      weight: Math.max(-ODDS_MAX, Math.min(ODDS_MAX, top.role.logOdds)),
      text: `${top.type}, as on ${name(ci)}, ${sentence(top.role)}`,
    }
  },
}

const sentence = ({ logOdds, asCause, asSymptom }: AlertRole): string => {
  const seen = Math.round(asCause + asSymptom)
  if (seen < SEEN_MIN) return `reads like ${logOdds > 0 ? 'a cause' : 'a symptom'}`
  return logOdds > 0
    ? `was upstream of the other alerts ${Math.round(asCause)} of ${seen} times`
    : `was downstream of other alerts ${Math.round(asSymptom)} of ${seen} times`
}
