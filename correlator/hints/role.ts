// Whether its alert types are those of causes or those of symptoms.
import type { AlertRole, RootCauseHint } from './types.ts'

/** Cause or symptom tells more than the log-odds of single observations, which are often unsure. */
const ODDS_PER_NAT = 1.5
const ODDS_MAX = 6
/** An alert less rare than this says less: what a CI shows every other day plays no role today. */
const TELLING_NATS = 3
/** Below this it is not worth a sentence. */
const ODDS_MIN = 0.1
/** From this many observations on the sentence speaks of them rather than of words. */
const SEEN_MIN = 3

export const roleHint: RootCauseHint = {
  name: 'role',
  speak: ({ ci, alerting }, { input, name }) => {
    if (!alerting) return undefined
    const [top] = alerting.cells
      .map(({ name: type, weight }) => {
        const role = input.knowledge.role(type, input.now)
        return {
          type,
          role,
          odds: ODDS_PER_NAT * role.logOdds * Math.min(1, weight / TELLING_NATS),
        }
      })
      .sort((a, b) => b.odds - a.odds)
    if (!top || Math.abs(top.odds) < ODDS_MIN) return undefined
    return {
      weight: Math.max(-ODDS_MAX, Math.min(ODDS_MAX, top.odds)),
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
