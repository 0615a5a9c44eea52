// The join: sums what the signals say about a new alert and each incident near it.
import type { Evidence } from '../domain/evidence.ts'
import { type IncidentNode, rootOf } from './incident-node.ts'
import { kinshipOf } from './kinship.ts'
import { activeBefore, type LiveAlert } from './live-alert.ts'
import { SIGNALS } from './signals/registry.ts'
import type { Pair, SignalContext } from './signals/signal.ts'

/** How well an alert fits an incident. */
export interface Fit {
  readonly incident: IncidentNode
  score: number
  /** The alert of the incident that speaks loudest for it. */
  by: LiveAlert
  byScore: number
}

const SAID_LEAST = 0.05

export const pairOf = (alert: LiveAlert, other: LiveAlert, context: SignalContext): Pair => {
  const { relation, reach, sameCondition } = kinshipOf(alert, other, context.graph, context.isKin)
  const gapMs = Math.max(0, alert.at - activeBefore(other, alert.at))
  return { alert, other, gapMs, relation, reach, sameCondition }
}

/** Log-odds that two alerts are of one incident. */
export const weighPair = (pair: Pair, context: SignalContext): number => {
  let sum = context.settings.joinBias
  for (const signal of SIGNALS) sum += signal.weigh(pair, context)
  return sum
}

/** Pair scores of one alert, kept while its decision may have to be made again. */
export type Scores = Map<LiveAlert, KnownScore>

interface KnownScore {
  readonly score: number
  /** It holds while the other alert is explained, or not, as it was then. */
  readonly explained: boolean
}

/**
 * @param candidates alerts that already have an incident
 * @returns the incidents that still absorb at `alert.at`, best fit first
 */
export const rankIncidents = (
  alert: LiveAlert,
  candidates: readonly LiveAlert[],
  scores: Scores,
  context: SignalContext,
): Fit[] => {
  const fits = new Map<IncidentNode, Fit & { odds: number }>()
  const banned = new Set<IncidentNode>()
  for (const other of candidates) {
    if (other.incident === undefined) continue
    const incident = rootOf(other.incident)
    if (context.corrections.between(alert, other)?.said === 'cannot') banned.add(incident)
    if (alert.at - incident.openedAt > context.settings.incidentLifeMs) continue
    const known = scores.get(other)
    let score: number
    if (known !== undefined && known.explained === other.explained) score = known.score
    else {
      score = weighPair(pairOf(alert, other, context), context)
      scores.set(other, { score, explained: other.explained })
    }
    const fit = fits.get(incident)
    if (fit === undefined) {
      fits.set(incident, { incident, score: 0, by: other, byScore: score, odds: Math.exp(score) })
      continue
    }
    fit.odds += Math.exp(score)
    if (score > fit.byScore) {
      fit.byScore = score
      fit.by = other
    }
  }
  const ranked = [...fits.values()].filter(({ incident }) => !banned.has(incident))
  const { supportMax } = context.settings.weights
  for (const fit of ranked) fit.score = Math.min(Math.log(fit.odds), fit.byScore + supportMax)
  // Ties go to the incident that opened first; candidates come in a fixed order.
  return ranked.sort((a, b) => b.score - a.score || a.incident.openedAt - b.incident.openedAt)
}

/** What the signals said about the deciding pair, loudest first. */
export const evidenceOf = (pair: Pair, context: SignalContext): readonly Evidence[] =>
  SIGNALS.map((signal) => ({ signal, weight: signal.weigh(pair, context) }))
    .filter(({ weight }) => Math.abs(weight) >= SAID_LEAST)
    .sort((a, b) => b.weight - a.weight)
    .map(({ signal, weight }) => ({
      signal: signal.name,
      weight: Math.round(weight * 100) / 100,
      text: signal.explain(pair, context),
    }))
