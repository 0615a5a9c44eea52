// How bad its alerts say it is: what only warns is seldom what took the others down.
import { severityRank } from '../../domain/severity.ts'
import type { RootCauseHint } from './types.ts'

const ODDS_PER_RANK = 0.08
/** Neither for nor against. */
const NEUTRAL = severityRank('error')

export const severityHint: RootCauseHint = {
  name: 'severity',
  speak: ({ ci, alerting }, { name }) => {
    if (!alerting) return undefined
    const rank = severityRank(alerting.severity) - NEUTRAL
    return rank === 0
      ? undefined
      : { weight: ODDS_PER_RANK * rank, text: `${name(ci)} is ${alerting.severity} at worst` }
  },
}
