// What a candidate explains downstream, along typed relations; a silent one must earn its place.
import type { Candidate, Explained, HintSay, RootCauseHint, Scene } from './types.ts'

/** Log-odds per unit of rarity explained. */
const WEIGHT_PER_NAT = 0.5
/** Each further relation passes a failure on less surely. */
const PASSED_ON = 0.7
/** A CI that raised no alert itself is a root this much less often. */
const SILENT_ODDS = -2.5

export const coverageHint: RootCauseHint = {
  name: 'coverage',
  speak: (candidate, scene) => {
    const others = candidate.explains.filter(({ distance }) => distance > 0)
    if (candidate.alerting && others.length === 0) return undefined
    const weight = WEIGHT_PER_NAT * explainedWeight(others)
    return {
      weight: candidate.alerting ? weight : weight + SILENT_ODDS,
      text: sentence(candidate, others, scene),
    } satisfies HintSay
  },
}

const explainedWeight = (explained: readonly Explained[]): number =>
  explained.reduce((sum, { target, distance }) => sum + target.weight * PASSED_ON ** distance, 0)

const sentence = (candidate: Candidate, others: readonly Explained[], scene: Scene): string => {
  const name = scene.name(candidate.ci)
  const rest = scene.alerting.filter(({ ci }) => ci !== candidate.ci).length
  const silent = candidate.alerting ? '' : '; it raised no alert itself'
  return `${others.length} of ${rest} other alerting CIs depend on ${name}${silent}`
}
