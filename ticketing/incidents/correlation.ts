// What the correlator said about incidents and alerts, applied to tickets and tables.
import { sql } from 'drizzle-orm'
import type { Alert } from '../../domain/alert.ts'
import type { Incident, TimelineEntry } from '../../domain/incident.ts'
import type { Millis } from '../../domain/time.ts'
import { attachIncident } from '../changes/suspects.ts'
import { followMute } from '../notifications/enqueue.ts'
import { reopenIfRecurred } from '../problems/fix.ts'
import { bringWorkaround } from '../problems/workaround.ts'
import { type DeskSql, insertRows } from '../store/database.ts'
import { alerts, type IncidentRow } from '../store/schema.ts'
import type { Work } from '../work.ts'
import {
  correlated,
  type Deed,
  isOpen,
  openTicket,
  reassess,
  SYSTEM_ACTOR,
  targetState,
  transition,
} from './ticket.ts'

/** Writes alerts; one that is not newer than what is there changes nothing. */
export const writeAlerts = (tx: DeskSql, newest: Iterable<Alert>): Promise<void> =>
  insertRows(
    tx,
    alerts,
    [...newest].map((alert) => ({
      id: alert.id,
      version: alert.version,
      scope: alert.scope,
      incidentId: alert.incidentId ?? null,
      name: alert.name,
      ci: alert.ci ?? null,
      severity: alert.severity,
      status: alert.status,
      firstSeen: alert.firstSeen,
      lastSeen: alert.lastSeen,
      body: alert,
    })),
    { replaceBy: alerts.id, where: sql`excluded.version > ${alerts.version}` },
  )

/** The deed that a change of the correlator's status asks of the ticket. */
const signalled = (before: Incident['status'], incident: Incident, at: Millis): Deed | null => {
  if (before === incident.status) return null
  const said = { actor: SYSTEM_ACTOR, at }
  if (incident.status === 'merged')
    return { ...said, action: 'absorb', text: 'Its alerts now belong to another incident' }
  if (incident.status === 'resolved')
    return {
      ...said,
      action: 'recover',
      text: 'All alerts have resolved',
      patch: { resolvedAt: incident.resolvedAt ?? at, resolution: 'All alerts have resolved' },
    }
  const text = before === 'merged' ? 'It stands for itself again' : 'Alerts fire again'
  return before === 'open' ? null : { ...said, action: 'refire', text }
}

const sameCauses = (a: Incident, b: Incident): boolean =>
  a.severity === b.severity && a.cis.join('\n') === b.cis.join('\n')

/** It has just become one of a problem's: what is known of that is brought to it. */
const joinProblem = async (work: Work, row: IncidentRow, at: Millis): Promise<void> => {
  const problem = row.problemId === null ? undefined : await work.problems.get(row.problemId)
  if (problem === undefined) return
  await bringWorkaround(work, row, at)
  await reopenIfRecurred(work, problem, [row.id], at)
}

export const applyIncident = async (
  work: Work,
  incident: Incident,
  entries: readonly TimelineEntry[],
  at: Millis,
): Promise<void> => {
  for (const entry of entries)
    work.tell({
      id: entry.id,
      ticketId: entry.incidentId,
      at: entry.at,
      kind: entry.kind,
      text: entry.text,
      actor: null,
      alertId: entry.alertId ?? null,
    })
  const known = await work.incidents.get(incident.id)
  if (known !== undefined && incident.version <= known.correlation.version) return
  const before: IncidentRow = known ?? (await openTicket(work, incident, at))
  const was = known?.correlation ?? { ...incident, status: 'open' as const }
  let row: IncidentRow = { ...before, ...correlated(incident) }
  const deed = signalled(was.status, incident, at)
  if (deed !== null && targetState(row, deed.action) !== null)
    row = await transition(work, row, deed)
  if (!sameCauses(was, incident)) row = await reassess(work, row, at)
  work.incidents.put(row)
  if (isOpen(row.status) && was.muted !== incident.muted) await followMute(work, row, at)
  if (row.problemId !== before.problemId || known === undefined) await joinProblem(work, row, at)
  for (const { change } of incident.hints)
    if (change !== undefined) await attachIncident(work, change, row, at)
}
