// Storm mode: a flood of one alert type is taken together before any clustering.

import type { Evidence } from '../domain/evidence.ts'
import { DAY_MS } from '../domain/time.ts'
import type { CandidateIndex } from './candidates.ts'
import { type IncidentNode, membersOf, rootOf } from './incident-node.ts'
import type { LiveAlert } from './live-alert.ts'
import type { SignalContext } from './signals/signal.ts'

export interface Storm {
  /** Takes the alert; at the beginning several of this type alone, which the storm ties. */
  readonly incidents: readonly IncidentNode[]
  readonly evidence: readonly Evidence[]
}

/**
 * An alert is one of a storm when enough of its type came just before it in the order of events,
 * far more than the type is used to. Two array reads when there is no storm.
 */
export const stormOf = (
  alert: LiveAlert,
  candidates: CandidateIndex,
  context: SignalContext,
): Storm | undefined => {
  const { stormAlertsMin, stormWindowMs, incidentLifeMs } = context.settings
  const recent = candidates.sameType(alert, stormAlertsMin)
  const first = recent[0]
  const last = recent.at(-1)
  if (recent.length < stormAlertsMin || first === undefined || last?.incident === undefined)
    return undefined
  if (alert.at - first.at > stormWindowMs || isUsual(alert, context)) return undefined
  const evidence = evidenceOfStorm(alert, context)
  const incident = rootOf(last.incident)
  if (last.stormed)
    return alert.at - incident.openedAt > incidentLifeMs
      ? undefined
      : { incidents: [incident], evidence }
  return { incidents: tiesOf(recent, incident), evidence }
}

const isUsual = (alert: LiveAlert, { knowledge, settings }: SignalContext): boolean =>
  settings.stormAlertsMin <
  settings.stormTimesUsual *
    (knowledge.perDay(alert.type, alert.at) / DAY_MS) *
    settings.stormWindowMs

/** The last alert's incident, and those of the others that hold nothing but this type. */
const tiesOf = (recent: readonly LiveAlert[], incident: IncidentNode): IncidentNode[] => {
  const roots = new Set<IncidentNode>([incident])
  for (const { incident: node } of recent) if (node !== undefined) roots.add(rootOf(node))
  const type = recent[0]!.type
  return [...roots].filter((root) => root === incident || isOnly(root, type))
}

const isOnly = (root: IncidentNode, type: string): boolean => {
  for (const member of membersOf(root)) if (member.type !== type) return false
  return true
}

const evidenceOfStorm = (alert: LiveAlert, { settings }: SignalContext): readonly Evidence[] => {
  const { stormAlertsMin, stormWindowMs } = settings
  const known = told.get(alert.type)
  if (known !== undefined) return known
  const text =
    `One of a storm: more than ${stormAlertsMin} new ${alert.name} alerts ` +
    `within ${stormWindowMs / 1_000} s are taken together.`
  if (told.size >= TOLD_MAX) told.clear()
  const evidence = [{ signal: 'storm', weight: 0, text }]
  told.set(alert.type, evidence)
  return evidence
}

/** One sentence serves a whole storm. */
const told = new Map<string, readonly Evidence[]>()
const TOLD_MAX = 1_000
