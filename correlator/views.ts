// What the world is told of an alert and an incident: plain domain values.
import type { Alert } from '../domain/alert.ts'
import type { Incident } from '../domain/incident.ts'
import { type Severity, severityRank, worseSeverity } from '../domain/severity.ts'
import type { Millis } from '../domain/time.ts'
import type { Face } from './faces.ts'
import { type IncidentNode, membersOf } from './incident-node.ts'
import { flapCountBefore, type LiveAlert } from './live-alert.ts'
import type { CorrelatorSettings } from './settings.ts'

const CIS_MAX = 200

export const isFlapping = (alert: LiveAlert, settings: CorrelatorSettings, now: Millis): boolean =>
  alert.ends.length >= settings.flapResolves &&
  flapCountBefore(alert, now, settings.flapWindowMs) >= settings.flapResolves

export const alertView = (
  alert: LiveAlert,
  incidentId: string | undefined,
  settings: CorrelatorSettings,
  now: Millis,
): Alert => ({
  id: alert.id,
  version: alert.version,
  fingerprint: alert.fingerprint,
  scope: alert.scope,
  source: alert.source,
  name: alert.name,
  severity: alert.severity,
  summary: alert.summary,
  labels: alert.labels,
  ...(alert.ci === undefined ? {} : { ci: alert.ci }),
  status: alert.firing ? 'firing' : 'resolved',
  startsAt: alert.startsAt,
  firstSeen: alert.firstSeen,
  lastSeen: alert.lastSeen,
  ...(alert.firing || alert.resolvedAt === undefined ? {} : { resolvedAt: alert.resolvedAt }),
  occurrences: alert.occurrences,
  flapping: isFlapping(alert, settings, now),
  ...(alert.flaps === 0 ? {} : { flaps: alert.flaps }),
  ...(alert.muting.length === 0 ? {} : { muted: alert.muting[0]!.reason, muting: alert.muting }),
  ...(incidentId === undefined ? {} : { incidentId }),
  evidence: alert.evidence,
  ...(alert.link === undefined ? {} : { link: alert.link }),
  ...(alert.runbook === undefined ? {} : { runbook: alert.runbook }),
})

/** One pass over the sampled alerts of an incident. */
export interface IncidentSummary {
  readonly severity: Severity
  /** Most alerts first. */
  readonly cis: readonly string[]
  readonly title: string
}

export const summarise = (node: IncidentNode): IncidentSummary => {
  let severity: Severity = 'info'
  let headline: LiveAlert | undefined
  const perCi = new Map<string, number>()
  for (const alert of membersOf(node)) {
    severity = worseSeverity(severity, alert.severity)
    if (headline === undefined || severityRank(alert.severity) > severityRank(headline.severity))
      headline = alert
    if (alert.ci !== undefined) perCi.set(alert.ci, (perCi.get(alert.ci) ?? 0) + 1)
  }
  const cis = [...perCi].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([ci]) => ci)
  return {
    severity,
    cis: cis.slice(0, CIS_MAX),
    title: titleOf(headline ?? node.opener, cis.length),
  }
}

const titleOf = (alert: LiveAlert, cis: number): string => {
  const where = alert.ci === undefined ? '' : ` on ${alert.ci}`
  if (cis <= 1) return `${alert.name}${where}`
  return `${alert.name}${where} and ${cis - 1} more CI${cis === 2 ? '' : 's'}`
}

export const incidentView = (face: Face, node: IncidentNode): Incident => {
  face.summary ??= summarise(node)
  const { severity, cis, title } = face.summary
  return {
    id: face.id,
    version: face.version,
    scope: node.opener.scope,
    title,
    status: face.status,
    severity,
    openedAt: node.openedAt,
    lastEventAt: node.lastEventAt,
    ...(face.status === 'resolved' && face.resolvedAt !== undefined
      ? { resolvedAt: face.resolvedAt }
      : {}),
    ...(face.mergedInto === undefined ? {} : { mergedInto: face.mergedInto }),
    alertCount: node.alertCount,
    firingCount: node.firingCount,
    occurrenceCount: node.occurrenceCount,
    cis,
    hints: face.hints,
    ...(face.stormSince === undefined
      ? {}
      : { storm: { collapsedAlerts: node.stormedCount, since: face.stormSince } }),
    ...(face.muted ? { muted: true, muting: face.muting } : {}),
    ...(face.problemId === undefined ? {} : { problemId: face.problemId }),
    ...(face.knownPatterns.length === 0 ? {} : { knownPatterns: face.knownPatterns }),
  }
}
