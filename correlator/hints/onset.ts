// Who alerted first, by onset corrected for each source's reporting delay.
import { SECOND_MS } from '../../domain/time.ts'
import type { Candidate, RootCauseHint, Scene } from './types.ts'
import { durationText } from './words.ts'

const ODDS_FIRST = 0.35
/** Per log(1 + lag in units of the scale), behind the first of the incident. */
const ODDS_LATE = -0.1
const LATE_SCALE_MS = 10 * SECOND_MS
/** Where all that it should explain alerted before it. */
const ODDS_AFTER_EFFECTS = -1.2

export const onsetHint: RootCauseHint = {
  name: 'onset',
  speak: (candidate, scene) => {
    const { alerting: own } = candidate
    const other = scene.earliest.find(({ ci }) => ci !== candidate.ci)
    if (!own || !other) return undefined
    const lateMs = own.onset - other.onset
    const name = scene.name(candidate.ci)
    if (lateMs <= -scene.settings.onsetToleranceMs)
      return {
        weight: ODDS_FIRST,
        text: `${name} alerted ${durationText(-lateMs)} before the next`,
      }
    const early = effectsBefore(candidate, scene)
    const lag = ODDS_LATE * Math.log1p(Math.max(0, lateMs) / LATE_SCALE_MS)
    if (lateMs < scene.settings.onsetToleranceMs && early === 0)
      return lag === 0 ? undefined : { weight: lag, text: `${name} alerted among the first` }
    const after = early === 0 ? '' : ', after CIs that depend on it'
    return {
      weight: lag + ODDS_AFTER_EFFECTS * early,
      text: `${name} alerted ${durationText(Math.max(0, lateMs))} after the first${after}`,
    }
  },
}

/** Share of what it explains that alerted clearly before it. */
const effectsBefore = ({ alerting, explains }: Candidate, { settings }: Scene): number => {
  const effects = explains.filter(({ distance }) => distance > 0)
  const limit = (alerting?.onset ?? 0) - settings.onsetToleranceMs
  return effects.filter(({ target }) => target.onset < limit).length / Math.max(1, effects.length)
}
