// What a candidate explains downstream, along typed relations; a silent one must earn its place.
import type { Candidate, RootCauseHint, Scene } from './types.ts'

/** Log-odds per log(1 + rarity of what depends on it directly): the tenth says less than the first. */
const ODDS_NEAR = 0.93
/** Per log(1 + rarity of what is not downstream of it at all): that would need another cause. */
const ODDS_UNEXPLAINED = -1.24
/** Per log(1 + dependants that are quiet): a hub would have been heard of from more sides. */
const ODDS_QUIET = -0.5
/** A CI that raised no alert itself is a root less often. */
const ODDS_SILENT = -0.6

export const coverageHint: RootCauseHint = {
  name: 'coverage',
  speak: (candidate, scene) => {
    const near = candidate.explains.filter(({ distance }) => distance === 1)
    const rarity = near.reduce((sum, { target }) => sum + target.rarity, 0)
    const unexplained = unexplainedRarity(candidate, scene)
    const quiet = quietDependants(candidate, near.length, scene)
    if (candidate.alerting && rarity + unexplained + quiet === 0) return undefined
    return {
      weight:
        ODDS_NEAR * Math.log1p(rarity) +
        ODDS_UNEXPLAINED * Math.log1p(unexplained) +
        ODDS_QUIET * Math.log1p(quiet) +
        (candidate.alerting ? 0 : ODDS_SILENT),
      text: sentence(candidate, quiet, scene),
    }
  },
}

/** Of the alerting CIs that are neither it nor downstream of it. */
const unexplainedRarity = ({ explains }: Candidate, { walked }: Scene): number => {
  if (explains.length === walked.length) return 0
  const explained = new Set(explains.map(({ target }) => target.ci))
  return walked.reduce((sum, { ci, rarity }) => sum + (explained.has(ci) ? 0 : rarity), 0)
}

const quietDependants = ({ ci }: Candidate, near: number, { input }: Scene): number =>
  Math.max(0, new Set(input.topology.dependants(ci).map((each) => each.ci)).size - near)

const sentence = (candidate: Candidate, quiet: number, scene: Scene): string => {
  const name = scene.name(candidate.ci)
  const explained = candidate.explains.filter(({ distance }) => distance > 0).length
  const rest = scene.alerting.filter(({ ci }) => ci !== candidate.ci).length
  const silent = candidate.alerting ? '' : '; it raised no alert itself'
  const unheard = quiet === 0 ? '' : `; ${quiet} that depend on it directly are quiet`
  return `${explained} of ${rest} other alerting CIs depend on ${name}${unheard}${silent}`
}
