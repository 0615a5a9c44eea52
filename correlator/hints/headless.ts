// Nothing that alerts here reads like a cause: then it is rather something silent or elsewhere.
import type { RootCauseHint } from './types.ts'

/** Per nat by which the likeliest cause among the alerts falls short of a plain one. */
const ODDS_PER_NAT = 0.5
const PLAIN_CAUSE_NATS = 1.5

export const headlessHint: RootCauseHint = {
  name: 'headless',
  speak: ({ ci, alerting, elsewhere }, { plainestCause, name }) => {
    const short = PLAIN_CAUSE_NATS - plainestCause
    if ((alerting && !elsewhere) || short <= 0) return undefined
    return {
      weight: ODDS_PER_NAT * short,
      text: `no alert here reads like a cause, which speaks for one that is not here, as ${name(ci)}`,
    }
  },
}
