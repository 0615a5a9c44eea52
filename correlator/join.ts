// The join: sums what the signals say about a new alert and each incident near it.
import type { Evidence } from '../domain/evidence.ts'
import { type IncidentNode, rootOf } from './incident-node.ts'
import { kinshipOf } from './kinship.ts'
import { activeBefore, type LiveAlert } from './live-alert.ts'
import { SIGNALS } from './signals/registry.ts'
import type { Pair, SignalContext } from './signals/signal.ts'

/** How well an alert fits an incident, by the pair that speaks loudest. */
export interface Fit {
  readonly incident: IncidentNode
  score: number
  pair: Pair
  pairScore: number
}

const SAID_LEAST = 0.05

export const pairOf = (alert: LiveAlert, other: LiveAlert, context: SignalContext): Pair => ({
  ...kinshipOf(alert, other, context.graph, context.isKin),
  alert,
  other,
  gapMs: Math.max(0, alert.at - activeBefore(other, alert.at)),
})

/** Log-odds that two alerts are of one incident. */
export const weighPair = (pair: Pair, context: SignalContext): number => {
  let sum = context.settings.joinBias
  for (const signal of SIGNALS) sum += signal.weigh(pair, context)
  return sum
}

/**
 * @param candidates alerts that already have an incident
 * @returns the incidents that still absorb at `alert.at`, best fit first
 */
export const rankIncidents = (
  alert: LiveAlert,
  candidates: readonly LiveAlert[],
  context: SignalContext,
): Fit[] => {
  const fits = new Map<IncidentNode, Fit & { odds: number }>()
  for (const other of candidates) {
    if (other.incident === undefined) continue
    const incident = rootOf(other.incident)
    if (alert.at - incident.openedAt > context.settings.incidentLifeMs) continue
    const pair = pairOf(alert, other, context)
    const pairScore = weighPair(pair, context)
    const fit = fits.get(incident)
    if (fit === undefined) {
      fits.set(incident, { incident, score: 0, pair, pairScore, odds: Math.exp(pairScore) })
      continue
    }
    fit.odds += Math.exp(pairScore)
    if (pairScore > fit.pairScore) {
      fit.pairScore = pairScore
      fit.pair = pair
    }
  }
  const ranked = [...fits.values()]
  for (const fit of ranked) fit.score = Math.log(fit.odds)
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
