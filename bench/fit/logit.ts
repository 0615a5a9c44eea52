// Conditional logit: which true incident, or a new one, does an alert belong to?
import type { Decision, Features } from './decisions.ts'

export interface FitOptions {
  readonly rounds: number
  /** Pull towards where the weights began; 1 is about one decision's worth. */
  readonly pull: number
}

export interface Fitted {
  readonly bias: number
  readonly weights: Float64Array
  /** Mean negative log-likelihood of a decision, at the beginning and at the end. */
  readonly lossBefore: number
  readonly lossAfter: number
}

const STEP = 0.05
/** Adam's decay rates (Kingma and Ba, 2015). */
const MEAN_KEPT = 0.9
const SQUARE_KEPT = 0.99

const scoreOf = ({ indexes, values }: Features, bias: number, weights: Float64Array): number => {
  let score = bias
  for (let i = 0; i < indexes.length; i++) score += weights[indexes[i]!]! * values[i]!
  return score
}

const logSumExp = (scores: readonly number[]): number => {
  const highest = Math.max(...scores)
  return highest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - highest), 0))
}

/** Adds one decision's gradient; the bias is its last entry. @returns its loss */
const addGradient = (
  { truth, choices }: Decision,
  bias: number,
  weights: Float64Array,
  gradient: Float64Array,
): number => {
  const scored = choices.map(({ incident, pairs }) => {
    const scores = pairs.map((pair) => scoreOf(pair, bias, weights))
    return { incident, pairs, scores, score: logSumExp(scores) }
  })
  const total = logSumExp([0, ...scored.map(({ score }) => score)])
  const right = scored.find(({ incident }) => incident === truth)
  for (const choice of scored) {
    const excess = Math.exp(choice.score - total) - (choice === right ? 1 : 0)
    for (const [i, { indexes, values }] of choice.pairs.entries()) {
      const share = excess * Math.exp(choice.scores[i]! - choice.score)
      for (let k = 0; k < indexes.length; k++) gradient[indexes[k]!]! += share * values[k]!
      gradient[gradient.length - 1]! += share
    }
  }
  return total - (right?.score ?? 0)
}

/** @param from where the weights begin, and what they are pulled to; the bias is the last */
export const fitWeights = (
  decisions: readonly Decision[],
  from: Float64Array,
  { rounds, pull }: FitOptions,
): Fitted => {
  const at = Float64Array.from(from)
  const means = new Float64Array(from.length)
  const squares = new Float64Array(from.length)
  let lossBefore = 0
  let loss = 0
  for (let round = 1; round <= rounds; round++) {
    const gradient = new Float64Array(from.length)
    loss = 0
    for (const decision of decisions) loss += addGradient(decision, at.at(-1)!, at, gradient)
    if (round === 1) lossBefore = loss / decisions.length
    for (let i = 0; i < at.length; i++) {
      const slope = gradient[i]! + pull * (at[i]! - from[i]!)
      means[i] = MEAN_KEPT * means[i]! + (1 - MEAN_KEPT) * slope
      squares[i] = SQUARE_KEPT * squares[i]! + (1 - SQUARE_KEPT) * slope ** 2
      const mean = means[i]! / (1 - MEAN_KEPT ** round)
      const square = squares[i]! / (1 - SQUARE_KEPT ** round)
      at[i]! -= (STEP * mean) / (Math.sqrt(square) + 1e-8)
    }
  }
  return {
    bias: at.at(-1)!,
    weights: at.slice(0, -1),
    lossBefore,
    lossAfter: loss / decisions.length,
  }
}
