// Chronic noise: alert types that fire alone, again and again, and never become anything.

import type { Millis } from '../../domain/time.ts'
import type { DecayedCounts } from '../hints/decayed-counts.ts'
import type { Signature } from './types.ts'

const ALONE = 'alone '
const SEEN = 'seen '

/** Counts the alert types of a closed incident; each once. */
export const learnNoise = (counts: DecayedCounts, signature: Signature, now: Millis): void => {
  for (const name of signature.names) {
    counts.add(SEEN + name, now)
    if (signature.solitary) counts.add(ALONE + name, now)
  }
}

/**
 * How surely an alert type comes alone: (alone + 1) / (seen + 2), so that a type seen three times
 * is not yet noise.
 */
export const aloneShare = (counts: DecayedCounts, name: string, now: Millis): number =>
  (counts.get(ALONE + name, now) + 1) / (counts.get(SEEN + name, now) + 2)

/** One quiet alert type on one CI, of a type that nearly always comes alone. */
export const isNoise = (
  counts: DecayedCounts,
  { solitary, quiet, names }: Signature,
  now: Millis,
  noiseShareMin: number,
): boolean => solitary && quiet && aloneShare(counts, names[0] ?? '', now) >= noiseShareMin
