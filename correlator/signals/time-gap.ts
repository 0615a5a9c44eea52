// Signal: alerts of one cascade follow each other within seconds to a few minutes.
import type { SignalWeights } from '../settings.ts'
import type { Signal } from './signal.ts'

/**
 * Log of how much likelier the gap is within a cascade (a fast and a slow exponential, as steps of
 * a fault spread) than between strangers (any gap alike).
 */
export const gapLogOdds = (gapMs: number, weights: SignalWeights): number => {
  const { timeFastMs, timeSlowMs, timeFastShare } = weights
  const density = (gap: number): number =>
    (timeFastShare / timeFastMs) * Math.exp(-gap / timeFastMs) +
    ((1 - timeFastShare) / timeSlowMs) * Math.exp(-gap / timeSlowMs)
  const odds = Math.log(density(gapMs) / density(weights.timeNeutralMs))
  return Math.max(weights.timeFloor, odds)
}

export const timeGap: Signal = {
  name: 'time-gap',
  weigh: ({ gapMs, relation, reach }, { settings: { weights } }) => {
    const extra = relation === 'same' ? weights.timeSame : reach?.hops === 1 ? weights.timeNext : 0
    return (weights.time + extra) * gapLogOdds(gapMs, weights)
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
