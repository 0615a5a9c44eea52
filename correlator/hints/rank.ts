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
  const beliefs = softmax(ranked.map(({ score }) => score))
  return ranked.slice(0, settings.hintsMax).map(({ candidate, score, change, reasons }, rank) => ({
    ci: candidate.ci,
    ...(change !== undefined && { change }),
    ...(candidate.alerting && { alertName: rarestName(candidate.alerting.cells) }),
    score: rounded(score),
    confidence: rounded(calibrate(beliefs[rank]!, calibration)),
    reasons,
  }))
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
  const top = scores[0] ?? 0
  const odds = scores.map((score) => Math.exp(score - top))
  const sum = odds.reduce((total, each) => total + each, 0)
  return odds.map((each) => each / sum)
}

const rarestName = (cells: readonly { readonly name: string; readonly weight: number }[]): string =>
  cells.reduce((rarest, cell) => (cell.weight > rarest.weight ? cell : rarest)).name

/** Three decimals: what people read, and stable text in snapshots. */
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000
