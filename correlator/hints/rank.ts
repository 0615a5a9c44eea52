// Root-cause hints of one incident: every hint's say about every candidate, summed and ranked.
import type { Evidence, Hint } from '../../domain/evidence.ts'
import { type CalibrationTable, calibrate, DEFAULT_CALIBRATION } from './calibration.ts'
import { HINTS } from './registry.ts'
import { createScene } from './scene.ts'
import { DEFAULT_HINT_SETTINGS } from './settings.ts'
import type { Candidate, HintInput, HintSettings, RootCauseHint, Scene } from './types.ts'

interface Ranked {
  readonly candidate: Candidate
  readonly score: number
  readonly change?: string
  readonly reasons: readonly Evidence[]
}

/**
 * The score of a cause that nothing points to, since no hint speaks of it: a rival of every
 * candidate. Where little is known, even the only candidate is not sure.
 */
const UNHEARD_OF = 0

/**
 * Pure; its cost is bounded by the settings' caps, whatever the number of alerts.
 * @returns likeliest first, at most `hintsMax`; empty where no alert has a CI
 */
export const rankHints = (
  input: HintInput,
  settings: HintSettings = DEFAULT_HINT_SETTINGS,
  hints: readonly RootCauseHint[] = HINTS,
  calibration: CalibrationTable = DEFAULT_CALIBRATION,
): Hint[] => {
  const scene = createScene(input, settings)
  const ranked = scene.candidates
    .map((candidate) => weigh(candidate, scene, hints))
    .sort((a, b) => b.score - a.score || (a.candidate.ci < b.candidate.ci ? -1 : 1))
  const beliefs = softmax([...ranked.map(({ score }) => score), UNHEARD_OF])
  const prior = priorNote(scene)
  return ranked.slice(0, settings.hintsMax).map(({ candidate, score, change, reasons }, rank) => ({
    ci: candidate.ci,
    ...(change !== undefined && { change }),
    ...(candidate.alerting && { alertName: rarestName(candidate.alerting.cells) }),
    score: rounded(score),
    confidence: rounded(calibrate(beliefs[rank]!, calibration)),
    reasons: [...reasons, ...prior],
  }))
}

/** Says, where too little has happened here, that the confidence is no hit rate seen here. */
const priorNote = ({ input, settings }: Scene): Evidence[] => {
  const ended = Math.round(input.knowledge.incidents(input.now))
  if (ended >= settings.experiencedAfter) return []
  const history =
    ended === 0 ? 'no incident has' : `only ${ended === 1 ? 'one has' : `${ended} have`}`
  return [
    {
      signal: 'prior',
      weight: 0,
      text: `${history} ended here yet: the confidence is a prior, not a rate seen here`,
    },
  ]
}

const weigh = (candidate: Candidate, scene: Scene, hints: readonly RootCauseHint[]): Ranked => {
  let score = 0
  let change: string | undefined
  const reasons: Evidence[] = []
  for (const { name, speak } of hints) {
    const say = speak(candidate, scene)
    if (!say) continue
    score += say.weight
    change ??= say.change
    reasons.push({ signal: name, weight: rounded(say.weight), text: say.text })
  }
  reasons.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
  return { candidate, score, reasons, ...(change !== undefined && { change }) }
}

const softmax = (scores: readonly number[]): number[] => {
  const top = Math.max(...scores)
  const odds = scores.map((score) => Math.exp(score - top))
  const sum = odds.reduce((total, each) => total + each, 0)
  return odds.map((each) => each / sum)
}

const rarestName = (cells: readonly { readonly name: string; readonly weight: number }[]): string =>
  cells.reduce((rarest, cell) => (cell.weight > rarest.weight ? cell : rarest)).name

/** Three decimals: what people read, and stable text in snapshots. */
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000
