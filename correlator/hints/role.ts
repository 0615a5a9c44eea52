// Whether its alert types are those of causes or those of symptoms.
import type { AlertRole, RootCauseHint } from './types.ts'

/** Cause or symptom tells more than the log-odds of single observations, which are often unsure. */
const ODDS_PER_NAT = 1.75
const ODDS_MAX = 7
/** Below this it is not worth a sentence. */
const ODDS_MIN = 0.1
/** From this many observations on the sentence speaks of them rather than of words. */
const SEEN_MIN = 3

export const roleHint: RootCauseHint = {
  name: 'role',
  speak: ({ ci, alerting }, { input, name: nameOf }) => {
    if (!alerting) return undefined
    const { name, reads } = alerting.cells.reduce((a, b) => (b.reads > a.reads ? b : a))
    const odds = ODDS_PER_NAT * reads
    if (Math.abs(odds) < ODDS_MIN) return undefined
    return {
      weight: Math.max(-ODDS_MAX, Math.min(ODDS_MAX, odds)),
      text: `${name}, as on ${nameOf(ci)}, ${sentence(input.knowledge.role(name, input.now))}`,
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
