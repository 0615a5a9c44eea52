// What people confirmed or rejected in incidents like this one.

import { cellKey } from './scene.ts'
import type { Cell, RootCauseHint, Verdict } from './types.ts'

const ODDS_PER_LIKENESS = 2
const ODDS_MAX = 3
const LIKE_MIN = 0.2

export const historyHint: RootCauseHint = {
  name: 'history',
  speak: (candidate, { input, alerting, name }) => {
    const verdicts = input.knowledge.verdicts(candidate.ci)
    if (verdicts.length === 0) return undefined
    const cells = alerting.flatMap((each) => each.cells)
    const like = verdicts
      .filter(({ incidentId }) => incidentId !== input.incidentId)
      .map((verdict) => ({ verdict, likeness: likeness(verdict, cells) }))
      .filter((each) => each.likeness >= LIKE_MIN)
    if (like.length === 0) return undefined
    const sum = like.reduce(
      (total, { verdict, likeness }) => total + (verdict.confirmed ? likeness : -likeness),
      0,
    )
    const confirmed = like.filter(({ verdict }) => verdict.confirmed).length
    return {
      weight: Math.max(-ODDS_MAX, Math.min(ODDS_MAX, ODDS_PER_LIKENESS * sum)),
      text: `people confirmed ${name(candidate.ci)} as the cause of ${confirmed} of ${like.length} similar incidents`,
    }
  },
}

/** Shared weight over all weight; a cell known only from then weighs as the mean of those now. */
const likeness = ({ cells: then }: Verdict, now: readonly Cell[]): number => {
  const known = new Set(then)
  const total = now.reduce((sum, { weight }) => sum + weight, 0)
  const shared = now.filter(({ ci, name }) => known.has(cellKey(ci, name)))
  const sharedWeight = shared.reduce((sum, { weight }) => sum + weight, 0)
  const missing = (known.size - shared.length) * (total / Math.max(1, now.length))
  return total + missing === 0 ? 0 : sharedWeight / (total + missing)
}
