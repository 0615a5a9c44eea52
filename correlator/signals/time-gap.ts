// Signal: alerts of one cascade follow each other within seconds to a few minutes.
import type { Millis } from '../../domain/time.ts'
import type { Pair, Signal, SignalContext } from './signal.ts'

/**
 * @param knots ascending
 * @param curve one value a knot; flat beyond the first and the last
 */
export const alongCurve = (
  gapMs: Millis,
  knots: readonly Millis[],
  curve: readonly number[],
): number => {
  const above = knots.findIndex((knot) => knot > gapMs)
  if (above <= 0) return curve[above < 0 ? knots.length - 1 : 0] ?? 0
  const from = Math.log(knots[above - 1]!)
  const share = (Math.log(gapMs) - from) / (Math.log(knots[above]!) - from)
  return curve[above - 1]! * (1 - share) + curve[above]! * share
}

/**
 * Where effects follow slowly from CI to CI, gaps may be wider by as much: adaptive to how fast
 * this scope's incidents grow, within bounds. What is on one CI comes together everywhere.
 */
const stretchOf = ({ alert }: Pair, { knowledge, settings }: SignalContext): number => {
  const { paceMax } = settings.weights
  return Math.min(paceMax, Math.max(1 / paceMax, knowledge.pace(alert.at)))
}

export const timeGap: Signal = {
  name: 'time-gap',
  weigh: (pair, context) => {
    const { gapMs, relation, reach } = pair
    const { timeKnotsMs, timeSame, timeNext, timeElse } = context.settings.weights
    if (relation === 'same') return alongCurve(gapMs, timeKnotsMs, timeSame)
    const curve = reach?.hops === 1 ? timeNext : timeElse
    return alongCurve(gapMs / stretchOf(pair, context), timeKnotsMs, curve)
  },
  explain: ({ gapMs, other }) =>
    `It began ${duration(gapMs)} after ${other.name}${onCi(other.ci)}.`,
}

const onCi = (ci: string | undefined): string => (ci === undefined ? '' : ` on ${ci}`)

export const duration = (ms: number): string => {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
