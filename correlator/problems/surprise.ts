// Whether alerts that come alone recur on one CI more often than chance would have it.
import type { Millis } from '../../domain/time.ts'
import type { DecayedCounts } from '../hints/decayed-counts.ts'
import type { Signature } from './types.ts'

const ALONE = 'alone\u0000'
/** Patterns that chance alone may promote, over all CIs, at any one time. */
const FALSE_PROMOTIONS = 0.01
const CIS = 'cis\u0000'
const TERMS_MAX = 1_000
const ITERATIONS = 50
/** Fewer on a CI that nothing else singles out are never a pattern. */
const ALONE_MIN = 3
/** Half an observation: tells none from one though counts fade. */
const SEEN = 0.5
/** Where the CI is singled out already, chance is taken to explain what it does this often. */
const CHANCE_MAX = 0.1

/** One alert type on one CI, however loud: chatter until it proves otherwise. */
export const isChatter = ({ solitary }: Signature): boolean => solitary

/** Counts how often each alert type comes alone, and on how many CIs it does. */
export const learnChatter = (
  counts: DecayedCounts,
  signature: Signature,
  cause: string,
  now: Millis,
): void => {
  if (!isChatter(signature)) return
  const [name] = signature.names
  const here = `${ALONE}${name}\u0000${cause}`
  if (counts.get(here, now) < SEEN) counts.add(CIS + name, now)
  counts.add(here, now)
  counts.add(ALONE + name, now)
}

/**
 * Chatter falls on some CI three times sooner or later. It is a pattern when it falls on this one
 * more often than a Poisson process at the other CIs' rate would let it fall on any.
 * @param times recurrences on this CI
 * @param singled true where incidents that are more than chatter have singled this CI out
 */
export const isSurprising = (
  counts: DecayedCounts,
  name: string,
  times: number,
  singled: boolean,
  now: Millis,
): boolean => {
  const cis = Math.max(0, counts.get(CIS + name, now) - 1)
  const elsewhere = Math.max(0, counts.get(ALONE + name, now) - times)
  if (!singled && times < ALONE_MIN) return false
  if (cis < SEEN) return true
  const rate = rateOf((elsewhere + SEEN) / cis)
  const chance = poissonTail(times, rate)
  const cisInAll = cis / -Math.expm1(-rate)
  return singled ? chance <= CHANCE_MAX : chance * cisInAll <= FALSE_PROMOTIONS
}

/**
 * The rate of a Poisson process of which only those are known who had an event at all: mean =
 * rate / (1 - e^-rate), solved by iteration.
 * @param mean events of one that had any, above 1
 */
const rateOf = (mean: number): number => {
  let rate = mean
  for (let i = 0; i < ITERATIONS; i++) rate = mean * (1 - Math.exp(-rate))
  return rate
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
