// Incidents, alerts and timelines as the API shows them.
import type { Alert } from '../../domain/alert.ts'
import type { Hint } from '../../domain/evidence.ts'
import type { Muting } from '../../domain/mute.ts'
import { isoTime } from '../../domain/time.ts'
import type {
  AlertView,
  HintView,
  IncidentSummary,
  MutingView,
  SlaView,
  TaskView,
  TimelineView,
} from '../api/schemas.ts'
import type { IncidentRow, SlaClockRow, TaskRow, TimelineRow } from '../store/schema.ts'

/** Leaves out what is null or undefined: absent members, not empty ones. */
type Present<T> = { [K in keyof T]?: NonNullable<T[K]> }
export const present = <T extends object>(members: T): Present<T> =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== null && value !== undefined),
  ) as Present<T>

export const timeOrNone = (at: number | null | undefined): string | undefined =>
  at === null || at === undefined ? undefined : isoTime(at)

const mutingView = ({ reason, by, text, until }: Muting): MutingView => ({
  reason,
  by,
  text,
  ...present({ until: timeOrNone(until) }),
})

export const incidentSummary = (row: IncidentRow): IncidentSummary => {
  const { cis, storm, muted, muting } = row.correlation
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    status: row.status,
    severity: row.severity,
    priority: row.priority,
    scope: row.scope,
    openedAt: isoTime(row.openedAt),
    lastEventAt: isoTime(row.lastEventAt),
    alertCount: row.alertCount,
    firingCount: row.firingCount,
    occurrenceCount: row.occurrenceCount,
    cis: [...cis],
    muted: muted ?? false,
    breached: row.breached,
    version: row.version,
    ...present({
      acknowledgedAt: timeOrNone(row.acknowledgedAt),
      resolvedAt: timeOrNone(row.resolvedAt),
      dueAt: timeOrNone(row.dueAt),
      assignee: row.assignee,
      team: row.team,
      holdReason: row.holdReason,
      problemId: row.problemId,
      mergedInto: row.mergedInto,
      muting: muting?.map(mutingView),
      storm: storm && { collapsedAlerts: storm.collapsedAlerts, since: isoTime(storm.since) },
    }),
  }
}

export const alertView = (alert: Alert): AlertView => ({
  id: alert.id,
  fingerprint: alert.fingerprint,
  source: alert.source,
  scope: alert.scope,
  name: alert.name,
  severity: alert.severity,
  status: alert.status,
  summary: alert.summary,
  labels: alert.labels,
  startsAt: isoTime(alert.startsAt),
  firstSeen: isoTime(alert.firstSeen),
  lastSeen: isoTime(alert.lastSeen),
  occurrences: alert.occurrences,
  flapping: alert.flapping,

  evidence: alert.evidence.map((each) => ({ ...each })),
  ...present({
    incidentId: alert.incidentId,
    ci: alert.ci,
    resolvedAt: timeOrNone(alert.resolvedAt),
    flaps: alert.flaps,
    muted: alert.muted,
    muting: alert.muting?.map(mutingView),
    link: alert.link,
    runbook: alert.runbook,
  }),
})

export const hintView = (hint: Hint): HintView => ({
  ci: hint.ci,
  score: hint.score,
  confidence: hint.confidence,
  reasons: hint.reasons.map((each) => ({ ...each })),
  ...present({ change: hint.change, alertName: hint.alertName }),
})

export const slaView = (clock: SlaClockRow): SlaView => ({
  kind: clock.kind,
  policy: clock.policy,
  targetMs: clock.targetMs,
  elapsedMs: clock.elapsedMs,
  running: clock.running,
  breached: clock.breached,
  ...present({ dueAt: timeOrNone(clock.dueAt) }),
})

export const taskView = (task: TaskRow): TaskView => ({
  id: task.id,
  ticketId: task.ticketId,
  kind: task.kind,
  title: task.title,
  status: task.status,
  createdAt: isoTime(task.createdAt),
  version: task.version,
  ...present({ assignee: task.assignee, doneAt: timeOrNone(task.doneAt), doneBy: task.doneBy }),
})

export const timelineView = (row: TimelineRow): TimelineView => ({
  id: row.id,
  at: isoTime(row.at),
  kind: row.kind,
  text: row.text,
  ...present({ actor: row.actor, alertId: row.alertId }),
})
