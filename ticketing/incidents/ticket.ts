// The incident ticket: how it opens, and the one way in which it changes state.
import type { Incident } from '../../domain/incident.ts'
import type { TicketRecord } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import { impactOf, serviceOf } from '../cis/graph.ts'
import {
  INCIDENT_LIFECYCLE,
  type IncidentAction,
  type IncidentSignal,
  type IncidentState,
} from '../lifecycles/incident.ts'
import { enqueueNotifications } from '../notifications/enqueue.ts'
import { type Level, urgencyOf } from '../priority.ts'
import { clockFields, keepClocks } from '../sla/ticket.ts'
import type { IncidentRow, SlaClockRow } from '../store/schema.ts'
import { enqueueSync } from '../sync/enqueue.ts'
import type { Work } from '../work.ts'
import { assignmentOf } from './assignment.ts'

/** Who acts where no person does. */
export const SYSTEM_ACTOR = 'faultline'

/** Something done to a ticket, and what it changes beside the state. */
export interface Deed {
  readonly action: IncidentAction | IncidentSignal
  readonly actor: string
  readonly at: Millis
  /** One sentence for the timeline. */
  readonly text: string
  readonly patch?: Partial<IncidentRow>
}

export const isOpen = (status: IncidentState): boolean =>
  status !== 'resolved' && status !== 'closed' && status !== 'merged'

/** Where an action leads from here; null where it is not legal. */
export const targetState = (row: IncidentRow, action: Deed['action']): IncidentState | null =>
  INCIDENT_LIFECYCLE[row.status][action]

/** What arriving in a state means for the ticket's times and texts. */
const onArrival = (row: IncidentRow, to: IncidentState, at: Millis): Partial<IncidentRow> => {
  const hold = to === 'on-hold' ? {} : { holdReason: null }
  if (to === row.status) return {}
  if (to === 'acknowledged' || to === 'in-progress')
    return { ...hold, acknowledgedAt: row.acknowledgedAt ?? at }
  if (to === 'resolved') return { ...hold, resolvedAt: at }
  if (to === 'closed') return { ...hold, closedAt: at }
  if (to === 'reopened')
    return {
      resolvedAt: null,
      closedAt: null,
      resolution: null,
      reopenCount: row.reopenCount + 1,
    }
  return hold
}

const ticketFields = (row: IncidentRow, service: string | undefined): TicketRecord['fields'] => ({
  title: row.title,
  service: service ?? null,
  scope: row.scope,
  severity: row.severity,
  impact: row.impact,
  urgency: row.urgency,
  priority: row.priority,
  assignee: row.assignee,
  team: row.team,
  problemId: row.problemId,
  openedAt: row.openedAt,
  acknowledgedAt: row.acknowledgedAt,
  resolvedAt: row.resolvedAt,
  closedAt: row.closedAt,
  reopenCount: row.reopenCount,
  reassignmentCount: row.reassignmentCount,
  alertCount: row.alertCount,
  occurrenceCount: row.occurrenceCount,
  rating: row.details.rating?.rating ?? null,
})

const announce = async (
  work: Work,
  row: IncidentRow,
  fromState: string,
  deed: AnyDeed,
  clocks: readonly SlaClockRow[],
): Promise<void> => {
  const service = serviceOf(
    await work.graph(),
    row.correlation.cis.slice(0, work.settings.impactCisMax),
  )
  work.announce({
    id: `${row.id}@${row.version}`,
    ticketKind: 'incident',
    ticketId: row.id,
    number: row.number,
    version: row.version,
    at: deed.at,
    actor: deed.actor,
    action: deed.action,
    fromState,
    toState: row.status,
    fields: { ...ticketFields(row, service), ...clockFields(row, clocks) },
  })
  await enqueueNotifications(work, row, deed)
  await enqueueSync(work, row, deed)
}

export type AnyDeed = { action: string; actor: string; at: Millis; text: string }

/** Puts the changed ticket with its next version, its timeline entry and its transition record. */
const record = async (
  work: Work,
  before: IncidentRow,
  changed: IncidentRow,
  deed: AnyDeed,
): Promise<IncidentRow> => {
  const { clocks, ...standing } = await keepClocks(work, changed, deed.at)
  const row = { ...changed, ...standing, version: before.version + 1 }
  work.incidents.put(row)
  work.tell({
    id: `${row.id}@${row.version}`,
    ticketId: row.id,
    at: deed.at,
    kind: deed.action,
    text: deed.text,
    actor: deed.actor,
    alertId: null,
  })
  await announce(work, row, before.status, deed, clocks)
  return row
}

/** Something that happens to a ticket without moving it, e.g. a service level breached. */
export const happen = (work: Work, row: IncidentRow, deed: AnyDeed): Promise<IncidentRow> =>
  record(work, row, row, deed)

/**
 * Carries out a legal deed.
 * @throws Error when the lifecycle does not allow it: callers ask targetState first
 */
export const transition = async (
  work: Work,
  row: IncidentRow,
  deed: Deed,
): Promise<IncidentRow> => {
  const to = targetState(row, deed.action)
  if (to === null) throw new Error(`${deed.action} is not legal in state ${row.status}`)
  const changed = { ...row, ...onArrival(row, to, deed.at), ...deed.patch, status: to }
  return record(work, row, changed, deed)
}

/** Priority as impact and urgency give it, unless a person has said otherwise. */
export const assess = async (
  work: Work,
  correlation: Incident,
): Promise<{ impact: Level; urgency: Level; priority: IncidentRow['priority'] }> => {
  const cis = correlation.cis.slice(0, work.settings.impactCisMax)
  const impact = impactOf(await work.graph(), cis) ?? work.settings.impactDefault
  const urgency = urgencyOf(correlation.severity)
  return { impact, urgency, priority: work.settings.priorityMatrix[impact][urgency] }
}

/** The priority follows its causes; that is a change worth a line, but not a person's deed. */
export const reassess = async (work: Work, row: IncidentRow, at: Millis): Promise<IncidentRow> => {
  const found = await assess(work, row.correlation)
  const { impact, urgency } = found
  const kept = row.priorityReason !== null || !isOpen(row.status)
  const priority = kept ? row.priority : found.priority
  const changed = { ...row, impact, urgency, priority }
  if (priority === row.priority) return changed
  return record(work, row, changed, {
    action: 'prioritise',
    actor: SYSTEM_ACTOR,
    at,
    text: `Priority is ${priority} (was ${row.priority}): impact ${impact}, urgency ${urgency}`,
  })
}

/** What the correlator knows of an incident, as columns. */
export const correlated = (incident: Incident) => ({
  title: incident.title,
  severity: incident.severity,
  lastEventAt: incident.lastEventAt,
  alertCount: incident.alertCount,
  firingCount: incident.firingCount,
  occurrenceCount: incident.occurrenceCount,
  mergedInto: incident.mergedInto ?? null,
  problemId: incident.problemId ?? null,
  correlation: incident,
})

export const openTicket = async (
  work: Work,
  incident: Incident,
  at: Millis,
): Promise<IncidentRow> => {
  const opened: IncidentRow = {
    id: incident.id,
    number: `INC-${work.next('incident')}`,
    scope: incident.scope,
    status: 'new',
    ...correlated(incident),
    ...(await assess(work, incident)),
    priorityReason: null,
    openedAt: incident.openedAt,
    acknowledgedAt: null,
    resolvedAt: null,
    closedAt: null,
    ...assignmentOf(work.settings.assignmentRules, await work.graph(), incident),
    holdReason: null,
    resolution: null,
    reopenCount: 0,
    reassignmentCount: 0,
    details: {},
    dueAt: null,
    breached: false,
    version: 1,
    change: 0,
  }
  const { clocks, ...standing } = await keepClocks(work, opened, at)
  const row = { ...opened, ...standing }
  work.incidents.put(row)
  await announce(work, row, '', { action: 'open', actor: SYSTEM_ACTOR, at, text: '' }, clocks)
  return row
}
