// Scores traffic of the AIT alert data set, whose incidents are attack steps and chains of them.
import type { FoundIncident, Label } from '../../runtime/backtest/labels.ts'
import { unitsOf } from '../../runtime/backtest/labels.ts'
import { macroBestMatch } from '../../runtime/backtest/score.ts'

const STEP = /^[^/]+\/[^/]+$/
/** Exfiltration over DNS goes on beside the attack and is a chain of its own. */
const OWN_CHAIN = /\/dnsteal$/

/** Incidents there are named scenario/step. */
export const isAit = (labels: readonly Label[]): boolean => {
  const named = labels.filter((label) => label.incident !== '')
  return named.length > 0 && named.every((label) => STEP.test(label.incident))
}

const chainOf = (step: string): string =>
  step === '' || OWN_CHAIN.test(step) ? step : step.slice(0, step.indexOf('/'))

export interface AitScore {
  readonly step: number
  readonly chain: number
}

/** The unit is one (name, host, minute), which the truth marks as `first`. */
export const scoreAit = (labels: readonly Label[], found: FoundIncident): AitScore => {
  const firsts = labels.filter((label) => label.first)
  const chained = firsts.map((label) => ({ ...label, incident: chainOf(label.incident) }))
  return {
    step: macroBestMatch(unitsOf(firsts, found)),
    chain: macroBestMatch(unitsOf(chained, found)),
  }
}
