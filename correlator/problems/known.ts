// Which promoted patterns an incident looks like: an inverted index over their terms.

import type { Millis } from '../../domain/time.ts'
import type { DecayedCounts } from '../hints/decayed-counts.ts'
import type { Signature, SignatureTerm } from './types.ts'

/** Problems compared in full for one incident: those sharing the most informative terms. */
const COMPARED_MAX = 50
/** Problems read of one term. */
const POSTINGS_MAX = 200
/** What the incident lacks counts less than what the pattern lacks: it has only just begun. */
const YET_TO_COME = 0.25
const EVERY_INCIDENT = ''

export interface KnownIndex {
  /** Replaces what was known of the problem; no terms = forget it. */
  set(problemId: string, scope: string, terms: readonly SignatureTerm[]): void
  /** Most similar first; similarity 0 to 1. */
  nearest(
    signature: Signature,
    scope: string,
    now: Millis,
  ): { readonly problemId: string; readonly similarity: number }[]
}

/** Counts the terms of a closed incident, so that common ones weigh little. */
export const learnTerms = (counts: DecayedCounts, { terms }: Signature, now: Millis): void => {
  counts.add(EVERY_INCIDENT, now)
  for (const [term] of terms) counts.add(term, now)
}

/** log((n + 2) / (df + 1)), as for alerts. */
export const termWeight = (counts: DecayedCounts, term: string, now: Millis): number =>
  Math.log((counts.get(EVERY_INCIDENT, now) + 2) / (counts.get(term, now) + 1))

export const createKnownIndex = (counts: DecayedCounts): KnownIndex => {
  const profiles = new Map<string, ReadonlyMap<string, number>>()
  const postings = new Map<string, Set<string>>()

  const remove = (problemId: string): void => {
    for (const term of profiles.get(problemId)?.keys() ?? []) {
      const own = postings.get(term)
      own?.delete(problemId)
      if (own?.size === 0) postings.delete(term)
    }
    profiles.delete(problemId)
  }

  const sharing = (terms: readonly string[], now: Millis): string[] => {
    const shared = new Map<string, number>()
    for (const term of terms) {
      const weight = termWeight(counts, term, now)
      let read = 0
      for (const problemId of postings.get(term) ?? []) {
        if (read++ >= POSTINGS_MAX) break
        shared.set(problemId, (shared.get(problemId) ?? 0) + weight)
      }
    }
    return [...shared]
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, COMPARED_MAX)
      .map(([problemId]) => problemId)
  }

  return {
    set: (problemId, scope, terms) => {
      remove(problemId)
      if (terms.length === 0) return
      profiles.set(
        problemId,
        new Map(terms.map(([term, weight]) => [inScope(scope, term), weight])),
      )
      for (const [term] of terms) {
        const key = inScope(scope, term)
        const own = postings.get(key)
        if (own) own.add(problemId)
        else postings.set(key, new Set([problemId]))
      }
    },
    nearest: (signature, scope, now) => {
      const terms = new Map(
        signature.terms.map(([term, weight]) => [inScope(scope, term), weight] as const),
      )
      const weigh = (key: string): number => termWeight(counts, key.slice(scope.length + 1), now)
      return sharing([...terms.keys()], now)
        .map((problemId) => ({
          problemId,
          similarity: similarity(terms, profiles.get(problemId)!, weigh),
        }))
        .sort((a, b) => b.similarity - a.similarity || (a.problemId < b.problemId ? -1 : 1))
    },
  }
}

/** Tversky's index: shared / (shared + only the incident's + a part of only the pattern's). */
const similarity = (
  incident: ReadonlyMap<string, number>,
  pattern: ReadonlyMap<string, number>,
  weigh: (term: string) => number,
): number => {
  let shared = 0
  let incidentOnly = 0
  let patternOnly = 0
  for (const [term, weight] of incident) {
    const both = Math.min(weight, pattern.get(term) ?? 0)
    shared += both * weigh(term)
    incidentOnly += (weight - both) * weigh(term)
  }
  for (const [term, weight] of pattern)
    patternOnly += Math.max(0, weight - (incident.get(term) ?? 0)) * weigh(term)
  const all = shared + incidentOnly + YET_TO_COME * patternOnly
  return all > 0 ? shared / all : 0
}

const inScope = (scope: string, term: string): string => `${scope}\u0000${term}`
