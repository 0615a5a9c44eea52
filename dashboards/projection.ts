// Log records as fact rows: pure, and the same rows in the same order each time.
import type { Alert } from '../domain/alert.ts'
import type { AlertEvent } from '../domain/event.ts'
import type { Incident } from '../domain/incident.ts'
import type { FactRow } from '../domain/ports/facts.ts'
import type { Topic } from '../domain/ports/log.ts'
import type { ProblemCandidate } from '../domain/problem.ts'
import type {
  ChangeRecord,
  CorrelatorOutput,
  DeadLetterRecord,
  EventsBatch,
  EventsRecord,
  MembershipRecord,
  TicketRecord,
  TopicRecord,
} from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import type { FactTableName } from './tables.ts'

export interface Fact {
  readonly table: FactTableName
  readonly row: FactRow
}

const eventRow = (batch: EventsBatch, event: AlertEvent): FactRow => ({
  received_at: batch.receivedAt,
  starts_at: event.startsAt,
  scope: batch.scope,
  source: batch.source,
  name: event.name,
  severity: event.severity,
  status: event.status,
  service: event.labels.service ?? '',
  host: event.labels.host ?? event.labels.instance ?? '',
  fingerprint: event.fingerprint,
  event_id: event.id,
  delivery_id: batch.deliveryId,
  summary: event.summary,
  flags: event.flags ?? [],
})

const changeRow = ({ at, change }: ChangeRecord): FactRow => ({
  id: change.id,
  at,
  ci: change.ci,
  type: change.type,
  summary: change.summary,
  started_at: change.startedAt,
  ended_at: change.endedAt ?? null,
  link: change.link ?? '',
})

const decisionRow = (record: MembershipRecord): FactRow => {
  const { decision } = record
  const incidentId =
    'incidentId' in decision ? decision.incidentId : 'from' in decision ? decision.from : ''
  return {
    id: record.commandId,
    at: record.at,
    actor: record.actor,
    action: decision.action,
    incident_id: incidentId,
    ci: 'ci' in decision ? decision.ci : '',
    change: 'change' in decision ? (decision.change ?? '') : '',
    problem_id: 'problemId' in decision ? decision.problemId : '',
    undo: record.undo ?? false,
  }
}

const alertRow = (alert: Alert): FactRow => ({
  id: alert.id,
  version: alert.version,
  fingerprint: alert.fingerprint,
  scope: alert.scope,
  source: alert.source,
  name: alert.name,
  severity: alert.severity,
  status: alert.status,
  ci: alert.ci ?? '',
  starts_at: alert.startsAt,
  first_seen: alert.firstSeen,
  last_seen: alert.lastSeen,
  resolved_at: alert.resolvedAt ?? null,
  occurrences: alert.occurrences,
  flapping: alert.flapping,
  muted: alert.muted ?? '',
  incident_id: alert.incidentId ?? '',
  summary: alert.summary,
  labels: alert.labels,
})

const incidentRow = (incident: Incident): FactRow => ({
  id: incident.id,
  version: incident.version,
  scope: incident.scope,
  title: incident.title,
  status: incident.status,
  severity: incident.severity,
  opened_at: incident.openedAt,
  last_event_at: incident.lastEventAt,
  resolved_at: incident.resolvedAt ?? null,
  merged_into: incident.mergedInto ?? '',
  alert_count: incident.alertCount,
  firing_count: incident.firingCount,
  occurrence_count: incident.occurrenceCount,
  cis: incident.cis,
  problem_id: incident.problemId ?? '',
  storm: incident.storm !== undefined,
  muted: incident.muted ?? false,
})

const hintsRow = ({ id, version, hints }: Incident, at: Millis): FactRow => ({
  incident_id: id,
  version,
  at,
  cis: hints.map((hint) => hint.ci),
  changes: hints.map((hint) => hint.change ?? ''),
})

const problemRow = ({ statistics, ...problem }: ProblemCandidate): FactRow => ({
  id: problem.id,
  version: problem.version,
  scope: problem.scope,
  title: problem.title,
  found_by: problem.foundBy,
  incident_ids: problem.incidentIds,
  cis: problem.cis,
  alert_names: problem.alertNames,
  first_at: statistics.firstAt,
  last_at: statistics.lastAt,
  recurrences: statistics.count,
  mean_interval_ms: statistics.meanIntervalMs ?? null,
  hour_of_week: statistics.hourOfWeek,
  minutes_lost: statistics.minutesLost,
  share: statistics.share,
  trend_per_day: statistics.trendPerDay,
})

const transitionRow = (ticket: TicketRecord): FactRow => ({
  id: ticket.id,
  ticket_kind: ticket.ticketKind,
  ticket_id: ticket.ticketId,
  number: ticket.number,
  version: ticket.version,
  at: ticket.at,
  actor: ticket.actor,
  action: ticket.action,
  from_state: ticket.fromState,
  to_state: ticket.toState,
  fields: Object.fromEntries(
    Object.entries(ticket.fields)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, String(value)]),
  ),
})

const deadLetterRow = (letter: DeadLetterRecord): FactRow => ({
  id: letter.id,
  at: letter.at,
  source: letter.source,
  reason: letter.reason,
  detail: letter.detail,
  topic: letter.position?.topic ?? '',
})

/** Changes and decisions of the whole estate stand in every partition; the first speaks for all. */
const FIRST_PARTITION = 0

const eventsFacts = (record: EventsRecord, partition: number): Fact[] => {
  switch (record.kind) {
    case 'events':
      return record.events.map((event) => ({ table: 'events', row: eventRow(record, event) }))
    case 'change':
      return partition === FIRST_PARTITION ? [{ table: 'changes', row: changeRow(record) }] : []
    case 'membership':
      return [{ table: 'decisions', row: decisionRow(record) }]
    default:
      return []
  }
}

const incidentFacts = (incident: Incident, at: Millis): Fact[] => {
  const told: Fact = { table: 'incidents', row: incidentRow(incident) }
  if (incident.hints.length === 0) return [told]
  return [told, { table: 'hints', row: hintsRow(incident, at) }]
}

const outputFacts = (output: CorrelatorOutput, at: Millis): Fact[] => {
  switch (output.kind) {
    case 'alert':
      return [{ table: 'alerts', row: alertRow(output.alert) }]
    case 'incident':
      return incidentFacts(output.incident, at)
    case 'problem':
      return [{ table: 'problems', row: problemRow(output.problem) }]
    default:
      // A kind that a newer correlator says.
      return []
  }
}

/** The rows of one record, in order; a row's index in it is its place within the record. */
export const factsOf = <T extends Topic>(
  topic: T,
  partition: number,
  record: TopicRecord[T],
): Fact[] => {
  switch (topic) {
    case 'events':
      return eventsFacts(record as EventsRecord, partition)
    case 'incidents': {
      const { at, outputs } = record as TopicRecord['incidents']
      return outputs.flatMap((output) => outputFacts(output, at))
    }
    case 'tickets':
      return [{ table: 'transitions', row: transitionRow(record as TicketRecord) }]
    case 'dead-letters':
      return [{ table: 'dead_letters', row: deadLetterRow(record as DeadLetterRecord) }]
    default:
      return []
  }
}
