// What a candidate explains downstream, along typed relations; a silent one must earn its place.
import type { Candidate, Explained, RootCauseHint, Scene } from './types.ts'

/** Log-odds per log(1 + rarity explained): the tenth dependant says less than the first. */
const ODDS_NEAR = 1.4
const ODDS_FAR = 0.9
/** Of what alerted in other incidents at the same time: the join may have missed that it is one. */
const ODDS_BESIDES = 0.5
/** Each relation beyond the second passes a failure on less surely. */
const PASSED_ON = 0.7
/** Per log(1 + dependants that are quiet): a hub would have been heard of from more sides. */
const ODDS_QUIET = -0.5
/** A CI that raised no alert itself is a root less often. */
const ODDS_SILENT = -1.5

export const coverageHint: RootCauseHint = {
  name: 'coverage',
  speak: (candidate, scene) => {
    const near = candidate.explains.filter(({ distance }) => distance === 1)
    const far = candidate.explains.filter(({ distance }) => distance > 1)
    const besides = candidate.explainsElsewhere.filter(({ distance }) => distance > 0)
    const quiet = quietDependants(candidate, near.length, scene)
    if (candidate.alerting && near.length + far.length + quiet === 0) return undefined
    return {
      weight:
        ODDS_NEAR * Math.log1p(rarityOf(near)) +
        ODDS_FAR * Math.log1p(rarityOf(far)) +
        ODDS_BESIDES * Math.log1p(rarityOf(besides)) +
        ODDS_QUIET * Math.log1p(quiet) +
        (candidate.alerting ? 0 : ODDS_SILENT),
      text: sentence(candidate, near.length + far.length, quiet, scene),
    }
  },
}

const rarityOf = (explained: readonly Explained[]): number =>
  explained.reduce(
    (sum, { target, distance }) => sum + target.rarity * PASSED_ON ** Math.max(0, distance - 1),
    0,
  )

const quietDependants = ({ ci }: Candidate, near: number, { input }: Scene): number =>
  Math.max(0, new Set(input.topology.dependants(ci).map((each) => each.ci)).size - near)

const sentence = (candidate: Candidate, explained: number, quiet: number, scene: Scene): string => {
  const name = scene.name(candidate.ci)
  const rest = scene.alerting.filter(({ ci }) => ci !== candidate.ci).length
  const silent = candidate.alerting ? '' : '; it raised no alert itself'
  const unheard = quiet === 0 ? '' : `; ${quiet} that depend on it directly are quiet`
  return `${explained} of ${rest} other alerting CIs depend on ${name}${unheard}${silent}`
}
