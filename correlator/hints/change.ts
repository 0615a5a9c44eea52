// What was changed on the CI shortly before it broke.
import type { Change } from '../../domain/change.ts'
import { MINUTE_MS } from '../../domain/time.ts'
import type { RootCauseHint, Scene } from './types.ts'
import { durationText } from './words.ts'

const ODDS_MAX = 9.4
/** The suspicion halves every so long. */
const HALF_LIFE_MS = 45 * MINUTE_MS
/** A change that broke something shows on its own CI; where that is quiet here, it says less. */
const QUIET_SHARE = 0.3
/** Clocks of deployment tools differ: a change may seem to start a little after its effect. */
const CLOCK_SLACK_MS = MINUTE_MS

export const changeHint: RootCauseHint = {
  name: 'change',
  speak: (candidate, scene) => {
    const onset = candidate.alerting?.onset ?? scene.firstOnset
    const newest = newestBefore(onset, candidate.ci, scene)
    if (!newest) return undefined
    const agoMs = Math.max(0, onset - newest.startedAt)
    return {
      weight:
        (candidate.alerting && !candidate.elsewhere ? 1 : QUIET_SHARE) *
        ODDS_MAX *
        0.5 ** (agoMs / HALF_LIFE_MS),
      text: `${scene.name(candidate.ci)}: ${newest.type} ${newest.id} (${newest.summary}) started ${durationText(agoMs)} earlier`,
      change: newest.id,
    }
  },
}

const newestBefore = (onset: number, ci: string, { input, settings }: Scene): Change | undefined =>
  input
    .changesOn(ci)
    .filter(
      ({ startedAt }) =>
        startedAt <= onset + CLOCK_SLACK_MS && startedAt >= onset - settings.changeLookbackMs,
    )
    .sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? -1 : 1))[0]
