// A quarter of a year of an estate as fact rows, quickly made: what bench/facts.ts loads.
import type { FactTableName } from '../../dashboards/tables.ts'
import type { FactRow } from '../../domain/ports/facts.ts'
import type { TimeRange } from '../../domain/range.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts'

const DAYS = 90
const BEGAN_AT = Date.UTC(2026, 5, 1)

export const QUARTER: TimeRange = { from: BEGAN_AT, to: BEGAN_AT + DAYS * DAY_MS }
export const LAST_WEEK: TimeRange = { from: QUARTER.to - 7 * DAY_MS, to: QUARTER.to }

/** How many of the rest there are to so many events, and how often each is told anew. */
const EVENTS_PER_ALERT = 20
const ALERTS_PER_INCIDENT = 10
const VERSIONS = 3

const RULES = 400
const SERVICES = 300
const TEAMS = 12
const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const
const SOURCES = ['alertmanager', 'zabbix', 'datadog', 'heartbeat'] as const

/** A number below `below` that looks like chance and is the same each time. */
const pick = (seed: number, salt: number, below: number): number => {
  let x = Math.imul(seed ^ (salt << 16), 0x9e37_79b1)
  x = Math.imul(x ^ (x >>> 15), 0x85eb_ca6b)
  return ((x ^ (x >>> 13)) >>> 0) % below
}

const hex = (i: number): string => i.toString(16).padStart(16, '0')
const ruleOf = (seed: number): string => `HighErrorRate${pick(seed, 1, RULES)}`
const serviceOf = (seed: number): string => `svc-${pick(seed, 2, SERVICES)}`
const severityOf = (seed: number) => SEVERITIES[pick(seed, 3, SEVERITIES.length)]!
/** Even over the quarter, in order: as the log would have it. */
const timeOf = (i: number, count: number): number =>
  BEGAN_AT + Math.floor((i / count) * DAYS * DAY_MS)

const eventRow = (i: number, count: number): FactRow => {
  const alert = pick(i, 4, Math.ceil(count / EVENTS_PER_ALERT))
  const at = timeOf(i, count)
  return {
    received_at: at,
    starts_at: at - 5 * SECOND_MS,
    scope: 'default',
    source: SOURCES[pick(alert, 5, 3)],
    name: ruleOf(alert),
    severity: severityOf(alert),
    status: i % 5 === 0 ? 'resolved' : 'firing',
    service: serviceOf(alert),
    host: `10.0.${alert % 256}.${i % 256}:9100`,
    fingerprint: hex(alert),
    event_id: hex(i),
    delivery_id: hex(Math.floor(i / 100)),
    summary: `Error rate of ${serviceOf(alert)} is above 5% for 10 minutes`,
    flags: [],
  }
}

const alertRow = (i: number, count: number, version: number): FactRow => {
  const at = timeOf(i, count)
  const resolved = version === VERSIONS
  return {
    id: `${hex(i)}-1`,
    version,
    fingerprint: hex(i),
    scope: 'default',
    source: SOURCES[pick(i, 5, i % 50 === 0 ? SOURCES.length : 3)],
    name: ruleOf(i),
    severity: severityOf(i),
    status: resolved ? 'resolved' : 'firing',
    ci: serviceOf(i),
    starts_at: at - pick(i, 6, 60) * SECOND_MS,
    first_seen: at,
    last_seen: at + version * MINUTE_MS,
    resolved_at: resolved ? at + 3 * MINUTE_MS : null,
    occurrences: EVENTS_PER_ALERT,
    flapping: i % 40 === 0,
    muted: '',
    incident_id: hex(Math.floor(i / ALERTS_PER_INCIDENT)),
    summary: `Error rate of ${serviceOf(i)} is above 5% for 10 minutes`,
    labels: { service: serviceOf(i), team: `team-${i % TEAMS}`, cluster: 'eu-1' },
  }
}

const incidentRow = (i: number, count: number, version: number): FactRow => {
  const at = timeOf(i, count)
  const resolved = version === VERSIONS
  return {
    id: hex(i),
    version,
    scope: 'default',
    title: `${ruleOf(i)} on ${serviceOf(i)}`,
    status: i % 50 === 0 ? 'merged' : resolved ? 'resolved' : 'open',
    severity: severityOf(i),
    opened_at: at,
    last_event_at: at + version * MINUTE_MS,
    resolved_at: resolved ? at + pick(i, 7, 240) * MINUTE_MS : null,
    merged_into: '',
    alert_count: ALERTS_PER_INCIDENT,
    firing_count: resolved ? 0 : ALERTS_PER_INCIDENT,
    occurrence_count: ALERTS_PER_INCIDENT * EVENTS_PER_ALERT,
    cis: [serviceOf(i), serviceOf(i + 1)],
    problem_id: i % 4 === 0 ? `problem-${pick(i, 8, 200)}` : '',
    storm: false,
    muted: false,
  }
}

const hintRow = (i: number, count: number, version: number): FactRow => ({
  incident_id: hex(i),
  version,
  at: timeOf(i, count) + version * SECOND_MS,
  cis: [serviceOf(i + version), serviceOf(i)],
  changes: ['', ''],
})

const STATES = ['new', 'acknowledged', 'in-progress', 'resolved', 'closed'] as const

const incidentFields = (i: number, opened: number, step: number): Record<string, string> => ({
  title: `${ruleOf(i)} on ${serviceOf(i)}`,
  service: serviceOf(i),
  scope: 'default',
  severity: severityOf(i),
  impact: 'high',
  urgency: 'high',
  priority: `P${1 + (i % 5)}`,
  team: `team-${i % TEAMS}`,
  openedAt: String(opened),
  ...(step >= 1 && i % 3 !== 0 ? { acknowledgedAt: String(opened + 5 * MINUTE_MS) } : {}),
  ...(step >= 3 ? { resolvedAt: String(opened + pick(i, 7, 240) * MINUTE_MS) } : {}),
  reopenCount: String(i % 20 === 0 ? 1 : 0),
  reassignmentCount: String(i % 3),
  alertCount: String(ALERTS_PER_INCIDENT),
  responseSla: 'met',
  resolutionSla: i % 15 === 0 ? 'breached' : 'met',
  ...(i % 6 === 0 ? { rating: String(1 + (i % 5)) } : {}),
})

const transitionRow = (i: number, count: number, step: number): FactRow => {
  const opened = timeOf(i, count)
  return {
    id: `${hex(i)}@${step + 1}`,
    ticket_kind: 'incident',
    ticket_id: hex(i),
    number: `INC-${i}`,
    version: step + 1,
    at: opened + step * 10 * MINUTE_MS,
    actor: step === 0 ? 'faultline' : 'ada',
    action: 'move',
    from_state: STATES[step - 1] ?? '',
    to_state: STATES[step],
    fields: incidentFields(i, opened, step),
  }
}

const requestRow = (i: number, count: number): FactRow => {
  const at = timeOf(i, count)
  return {
    id: `request-${i}@2`,
    ticket_kind: 'request',
    ticket_id: `request-${i}`,
    number: `REQ-${i}`,
    version: 2,
    at: at + HOUR_MS,
    actor: 'ada',
    action: 'fulfil',
    from_state: 'approved',
    to_state: 'fulfilled',
    fields: {
      item: `item-${i % 10}`,
      team: `team-${i % TEAMS}`,
      dueAt: String(at + 2 * HOUR_MS),
      fulfilledAt: String(at + (i % 4) * HOUR_MS),
    },
  }
}

const changeRow = (i: number, count: number): FactRow => {
  const at = timeOf(i, count)
  return {
    id: `change-${i}`,
    at,
    ci: serviceOf(i),
    type: 'deployment',
    summary: `${serviceOf(i)} 1.${i}`,
    started_at: at,
    ended_at: at + MINUTE_MS,
    link: '',
  }
}

/** One in ten incidents has a confirmed cause, and half of those causes is a change. */
const decisionRow = (i: number, count: number): FactRow => ({
  id: `decision-${i}`,
  at: timeOf(i, count) + HOUR_MS,
  actor: 'ada',
  action: 'confirm-hint',
  incident_id: hex(i * 10 + 1),
  ci: serviceOf(i * 10 + 1),
  change: i % 2 === 0 ? `change-${i}` : '',
  problem_id: '',
  undo: false,
})

const problemRow = (i: number): FactRow => ({
  id: `problem-${i}`,
  version: 1,
  scope: 'default',
  title: `${ruleOf(i)} comes back`,
  found_by: 'recurrence',
  incident_ids: [],
  cis: [serviceOf(i)],
  alert_names: [ruleOf(i)],
  first_at: QUARTER.from,
  last_at: QUARTER.to - 1,
  recurrences: 20,
  mean_interval_ms: DAY_MS,
  hour_of_week: [],
  minutes_lost: 100,
  share: 0.1,
  trend_per_day: 0,
})

const deadLetterRow = (i: number, count: number): FactRow => ({
  id: hex(i),
  at: timeOf(i, count),
  source: 'alertmanager',
  reason: 'invalid',
  detail: 'labels must be an object',
  topic: '',
})

/** Rows of one table, in the order in which the log would bring them. */
export interface Series {
  readonly table: FactTableName
  readonly rows: number
  row(place: number): FactRow
}

/** @param each how many rows one thing has: its versions or steps */
const seriesOf = (
  table: FactTableName,
  things: number,
  row: (i: number, count: number, version: number) => FactRow,
  each = 1,
): Series => ({
  table,
  rows: things * each,
  row: (place) => row(Math.floor(place / each), things, (place % each) + 1),
})

/** So many events, and all that a quarter of a year with them leaves behind. */
export const quarterOf = (events: number): readonly Series[] => {
  const alerts = Math.ceil(events / EVENTS_PER_ALERT)
  const incidents = Math.ceil(alerts / ALERTS_PER_INCIDENT)
  const tenth = Math.ceil(incidents / 10)
  return [
    seriesOf('events', events, eventRow),
    seriesOf('alerts', alerts, alertRow, VERSIONS),
    seriesOf('incidents', incidents, incidentRow, VERSIONS),
    seriesOf('hints', incidents, hintRow, VERSIONS),
    seriesOf(
      'transitions',
      incidents,
      (i, count, version) => transitionRow(i, count, version - 1),
      STATES.length,
    ),
    seriesOf('transitions', tenth, requestRow),
    seriesOf('changes', tenth, changeRow),
    seriesOf('decisions', tenth, decisionRow),
    seriesOf('problems', 200, problemRow),
    seriesOf('dead_letters', tenth, deadLetterRow),
  ]
}
