// The join: sums what the signals say about a new alert and each incident near it.
import type { Evidence } from '../domain/evidence.ts'
import { type IncidentNode, rootOf } from './incident-node.ts'
import { kinshipOf } from './kinship.ts'
import { activeBefore, type LiveAlert } from './live-alert.ts'
import { SIGNALS } from './signals/registry.ts'
import type { BarePair, Pair, SignalContext } from './signals/signal.ts'
import { createWitnesses } from './witnesses.ts'

/** How well an alert fits an incident. */
export interface Fit {
  readonly incident: IncidentNode
  score: number
  /** The new alert beside the one of the incident that speaks loudest for it. */
  by: Pair
  byScore: number
}

const SAID_LEAST = 0.05
/** From so many pairs of types seen together on, what company is worth is learned. */
const COMPANY_ENOUGH = 20
/** Several strangers of one incident do not add up to a friend. */
const STRANGERS_SHORT_BY = 4

const pairOf = (alert: LiveAlert, other: LiveAlert, context: SignalContext): BarePair => {
  const kinship = kinshipOf(alert, other, context.graph, context.kinBy)
  return { ...kinship, alert, other, gapMs: Math.max(0, alert.at - activeBefore(other, alert.at)) }
}

/** Log-odds that two alerts are of one incident. */
const weighPair = (pair: Pair, context: SignalContext): number => {
  const { joinBias, joinThreshold } = context.settings
  let sum = joinBias
  for (const signal of SIGNALS) sum += signal.weigh(pair, context)
  return areStrangers(pair, context) ? Math.min(sum, joinThreshold - STRANGERS_SHORT_BY) : sum
}

/** `web-1` and `web-2`: the word in common says what they are, not that they hang together. */
const areSerial = (ci: string | undefined, other: string | undefined): boolean =>
  ci !== undefined &&
  other !== undefined &&
  ci !== other &&
  ci.replaceAll(/\d+/g, '#') === other.replaceAll(/\d+/g, '#')

/**
 * Nothing but the moment speaks for them: no way, no word in common, no such company ever seen.
 * As long as little company was seen at all, that never joins, however busy the moment is.
 */
const areStrangers = ({ alert, other, relation }: Pair, context: SignalContext): boolean =>
  relation === 'none' &&
  context.knowledge.companySeen(alert.at) < COMPANY_ENOUGH &&
  context.knowledge.lift(alert.type, other.type, alert.at).times < 1 &&
  (areSerial(alert.ci, other.ci) || !alert.tokens.some((token) => other.tokens.includes(token))) &&
  context.corrections.between(alert, other)?.said !== 'must'

/** Pairs of one alert, kept while its decision may have to be made again. */
export type Scores = Map<LiveAlert, KnownScore>

interface KnownScore {
  readonly pair: Pair
  readonly score: number
  /** The score holds while the other alert is explained, or not, as it was then ... */
  readonly explained: boolean
  /** ... and both are as bad as they were. */
  readonly severities: string
}

const severitiesOf = (alert: LiveAlert, other: LiveAlert): string =>
  `${alert.severity} ${other.severity}`

/** The alert beside each candidate whose incident still absorbs, and how well they fit. */
const weighAll = (
  alert: LiveAlert,
  candidates: readonly LiveAlert[],
  scores: Scores,
  context: SignalContext,
): readonly KnownScore[] => {
  const bare = candidates.map((other) => scores.get(other)?.pair ?? pairOf(alert, other, context))
  const witnesses = createWitnesses(bare, context.settings.weights.witnessMs)
  return bare.map((one) => {
    const { other } = one
    const seen = witnesses.of(one)
    const severities = severitiesOf(alert, other)
    const known = scores.get(other)
    if (
      known?.explained === other.explained &&
      known.severities === severities &&
      known.pair.witnesses === seen
    )
      return known
    const pair = { ...one, witnesses: seen }
    const score = weighPair(pair, context)
    const weighed = { pair, score, explained: other.explained, severities }
    scores.set(other, weighed)
    return weighed
  })
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
  const placed = candidates.filter(({ incident }) => incident !== undefined)
  for (const { pair, score } of weighAll(alert, placed, scores, context)) {
    const incident = rootOf(pair.other.incident!)
    if (context.corrections.between(alert, pair.other)?.said === 'cannot') banned.add(incident)
    if (alert.at - incident.openedAt > context.settings.incidentLifeMs) continue
    const fit = fits.get(incident)
    if (fit === undefined) {
      fits.set(incident, { incident, score: 0, by: pair, byScore: score, odds: Math.exp(score) })
      continue
    }
    fit.odds += Math.exp(score)
    if (score > fit.byScore) {
      fit.byScore = score
      fit.by = pair
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
