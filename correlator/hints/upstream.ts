// Whether something that it depends on alerted before it: then it is rather struck than striking.
import type { AlertingCi, RootCauseHint } from './types.ts'
import { durationText } from './words.ts'

const ODDS = -1.4

export const upstreamHint: RootCauseHint = {
  name: 'upstream',
  speak: ({ ci, alerting }, { input, settings, byCi, name }) => {
    if (!alerting) return undefined
    const limit = alerting.onset - settings.onsetToleranceMs
    let first: AlertingCi | undefined
    for (const neighbour of input.topology.dependencies(ci).slice(0, settings.walkMax)) {
      const cause = byCi.get(neighbour.ci)
      if (cause && cause.onset <= limit && (!first || cause.onset < first.onset)) first = cause
    }
    return (
      first && {
        weight: ODDS,
        text: `${name(first.ci)}, on which ${name(ci)} depends, alerted ${durationText(alerting.onset - first.onset)} before it`,
      }
    )
  },
}
