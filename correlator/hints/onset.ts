// Who alerted first, by onset corrected for each source's reporting delay.
import { SECOND_MS } from '../../domain/time.ts'
import type { RootCauseHint } from './types.ts'
import { durationText } from './words.ts'

const FIRST_ODDS = 1
const LAST_ODDS = -1.5
/** A cause this much later than what it should explain speaks against it in full. */
const LATE_SCALE_MS = 60 * SECOND_MS

export const onsetHint: RootCauseHint = {
  name: 'onset',
  speak: ({ ci, alerting }, { alerting: all, settings, name }) => {
    if (!alerting || all.length < 2) return undefined
    const next = Math.min(...all.filter((each) => each.ci !== ci).map(({ onset }) => onset))
    const leadMs = next - alerting.onset
    if (Math.abs(leadMs) < settings.onsetToleranceMs) return undefined
    if (leadMs > 0)
      return {
        weight: FIRST_ODDS,
        text: `${name(ci)} alerted ${durationText(leadMs)} before the next`,
      }
    return {
      weight: LAST_ODDS * Math.min(1, -leadMs / LATE_SCALE_MS),
      text: `${name(ci)} alerted ${durationText(-leadMs)} after the first`,
    }
  },
}
