// Whether quiet alerts that come alone recur on one CI more often than chance would have it.
import type { Millis } from '../../domain/time.ts'
import type { DecayedCounts } from '../hints/decayed-counts.ts'
import type { Signature } from './types.ts'

const ALONE = 'alone '
/** Patterns that chance alone may promote, over all CIs, at any one time. */
const FALSE_PROMOTIONS = 0.01
const TERMS_MAX = 1_000

/** One alert type on one CI, nothing worse than a warning: chatter until it proves otherwise. */
export const isChatter = ({ solitary, quiet }: Signature): boolean => solitary && quiet

/** Counts how often each alert type comes alone, wherever it does. */
export const learnChatter = (counts: DecayedCounts, signature: Signature, now: Millis): void => {
  if (isChatter(signature)) counts.add(ALONE + signature.names[0], now)
}

/**
 * Chatter falls on some CI three times sooner or later. It is a pattern when it falls on this one
 * more often than a Poisson process at the other CIs' rate would let it fall on any.
 * @param times recurrences on this CI
 * @param cis CIs of the scope that incidents were put down to
 */
export const isSurprising = (
  counts: DecayedCounts,
  { names }: Signature,
  times: number,
  cis: number,
  now: Millis,
): boolean => {
  const elsewhere = Math.max(0, counts.get(ALONE + names[0], now) - times)
  const expected = elsewhere / Math.max(1, cis - 1)
  return poissonTail(times, expected) * cis <= FALSE_PROMOTIONS
}

/** P(X >= times) for a Poisson X of that mean, summed from its largest term down. */
export const poissonTail = (times: number, mean: number): number => {
  if (times <= 0) return 1
  if (mean <= 0) return 0
  let logTerm = -mean
  for (let k = 1; k <= times; k++) logTerm += Math.log(mean / k)
  let term = Math.exp(logTerm)
  let sum = 0
  for (let k = times; k < times + TERMS_MAX && term > sum * Number.EPSILON; k++) {
    sum += term
    term *= mean / (k + 1)
  }
  return Math.min(1, sum)
}
