// Signal: alerts of one cascade follow each other within seconds to a few minutes.
import { SECOND_MS } from '../../domain/time.ts'
import type { Signal } from './signal.ts'

/** Gaps at which the weights say what a gap means; between them, linear in the gap's logarithm. */
export const TIME_KNOTS_MS = [10, 30, 60, 120, 180, 300, 600, 1_200].map((s) => s * SECOND_MS)

const LOG_KNOTS = TIME_KNOTS_MS.map(Math.log)

/** @param curve one weight per knot; flat beyond the first and the last */
export const alongCurve = (gapMs: number, curve: readonly number[]): number => {
  const at = Math.log(Math.max(1, gapMs))
  const above = LOG_KNOTS.findIndex((knot) => knot > at)
  if (above === 0) return curve[0] ?? 0
  if (above < 0) return curve[LOG_KNOTS.length - 1] ?? 0
  const below = above - 1
  const share = (at - LOG_KNOTS[below]!) / (LOG_KNOTS[above]! - LOG_KNOTS[below]!)
  return (curve[below] ?? 0) * (1 - share) + (curve[above] ?? 0) * share
}

export const timeGap: Signal = {
  name: 'time-gap',
  weigh: ({ gapMs, relation, reach }, { settings: { weights } }) => {
    const { timeSame, timeNext, timeElse } = weights
    if (relation === 'same') return alongCurve(gapMs, timeSame)
    return alongCurve(gapMs, reach?.hops === 1 ? timeNext : timeElse)
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
