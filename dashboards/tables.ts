// The fact tables: columns, key, retention and the topic that feeds each.
import type { Topic } from '../domain/ports/log.ts'
import type { FactSettings } from './settings.ts'

/** What KPIs ask for out of a column that is slow to read. */
interface DerivedColumn {
  readonly type: string
  /** Expression over the row's own columns. */
  readonly from: string
}

export interface FactTable {
  readonly topic: Topic
  /** Name to ClickHouse type, in order. */
  readonly columns: Readonly<Record<string, string>>
  /** Columns that the engine works out itself as it takes a row, so that no query has to. */
  readonly derived?: Readonly<Record<string, DerivedColumn>>
  /** Rows with the same key are one fact. */
  readonly key: readonly string[]
  /** The column that decides which of them holds; absent = they are equal. */
  readonly version?: string
  /** The time column that retention counts from. */
  readonly at: string
  readonly retention: keyof FactSettings['retentionDays']
  /** A part a day, so that retention drops whole parts. Only where a row's day never changes. */
  readonly daily?: true
}

const TIME = "DateTime64(3, 'UTC')"
const WORD = 'LowCardinality(String)'
const MAYBE_TIME = `Nullable(${TIME})`

/** Where in the log a row comes from: record, and place within the record. */
export const POSITION_COLUMNS = {
  log_partition: 'UInt16',
  log_offset: 'UInt64',
  log_index: 'UInt32',
} as const

/** Where imported rows stand: no log has so many partitions, so its loader never meets them. */
export const IMPORT_PARTITION = 65_535

const events: FactTable = {
  topic: 'events',
  columns: {
    ...POSITION_COLUMNS,
    received_at: TIME,
    starts_at: TIME,
    scope: WORD,
    source: WORD,
    name: WORD,
    severity: WORD,
    status: WORD,
    service: WORD,
    host: 'String',
    fingerprint: 'String',
    event_id: 'String',
    delivery_id: 'String',
    summary: 'String',
    flags: `Array(${WORD})`,
  },
  key: ['log_partition', 'log_offset', 'log_index'],
  at: 'received_at',
  retention: 'events',
  daily: true,
}

const changes: FactTable = {
  topic: 'events',
  columns: {
    ...POSITION_COLUMNS,
    id: 'String',
    at: TIME,
    ci: WORD,
    type: WORD,
    summary: 'String',
    started_at: TIME,
    ended_at: MAYBE_TIME,
    link: 'String',
  },
  key: ['id'],
  version: 'at',
  at: 'at',
  retention: 'tickets',
}

/** What people decided about membership and causes. */
const decisions: FactTable = {
  topic: 'events',
  columns: {
    ...POSITION_COLUMNS,
    id: 'String',
    at: TIME,
    actor: 'String',
    action: WORD,
    incident_id: 'String',
    ci: 'String',
    change: 'String',
    problem_id: 'String',
    undo: 'Bool',
  },
  key: ['id'],
  at: 'at',
  retention: 'tickets',
}

const alerts: FactTable = {
  topic: 'incidents',
  columns: {
    ...POSITION_COLUMNS,
    id: 'String',
    version: 'UInt64',
    fingerprint: 'String',
    scope: WORD,
    source: WORD,
    name: WORD,
    severity: WORD,
    status: WORD,
    ci: WORD,
    starts_at: TIME,
    first_seen: TIME,
    last_seen: TIME,
    resolved_at: MAYBE_TIME,
    occurrences: 'UInt64',
    flapping: 'Bool',
    muted: WORD,
    incident_id: 'String',
    summary: 'String',
    labels: `Map(${WORD}, String)`,
  },
  key: ['id'],
  version: 'version',
  at: 'last_seen',
  retention: 'alerts',
}

const incidents: FactTable = {
  topic: 'incidents',
  columns: {
    ...POSITION_COLUMNS,
    id: 'String',
    version: 'UInt64',
    scope: WORD,
    title: 'String',
    status: WORD,
    severity: WORD,
    opened_at: TIME,
    last_event_at: TIME,
    resolved_at: MAYBE_TIME,
    merged_into: 'String',
    alert_count: 'UInt64',
    firing_count: 'UInt64',
    occurrence_count: 'UInt64',
    cis: `Array(${WORD})`,
    problem_id: 'String',
    storm: 'Bool',
    muted: 'Bool',
  },
  key: ['id'],
  version: 'version',
  at: 'last_event_at',
  retention: 'tickets',
}

/** The suspected causes as they stood at each telling of the incident: confirmation comes later. */
const hints: FactTable = {
  topic: 'incidents',
  columns: {
    ...POSITION_COLUMNS,
    incident_id: 'String',
    version: 'UInt64',
    at: TIME,
    cis: `Array(${WORD})`,
    changes: 'Array(String)',
  },
  key: ['incident_id', 'version'],
  at: 'at',
  retention: 'alerts',
}

const problems: FactTable = {
  topic: 'incidents',
  columns: {
    ...POSITION_COLUMNS,
    id: 'String',
    version: 'UInt64',
    scope: WORD,
    title: 'String',
    found_by: WORD,
    incident_ids: 'Array(String)',
    cis: `Array(${WORD})`,
    alert_names: `Array(${WORD})`,
    first_at: TIME,
    last_at: TIME,
    recurrences: 'UInt32',
    mean_interval_ms: 'Nullable(Float64)',
    hour_of_week: 'Array(Float64)',
    minutes_lost: 'Float64',
    share: 'Float64',
    trend_per_day: 'Float64',
  },
  key: ['id'],
  version: 'version',
  at: 'last_at',
  retention: 'tickets',
}

/** A ticket's field as a word, a time in ms, or a number. */
const word = (name: string): DerivedColumn => ({ type: WORD, from: `fields['${name}']` })
const time = (name: string): DerivedColumn => ({
  type: MAYBE_TIME,
  from: `fromUnixTimestamp64Milli(toInt64OrNull(fields['${name}']), 'UTC')`,
})
const count = (name: string): DerivedColumn => ({
  type: 'UInt32',
  from: `toUInt32OrZero(fields['${name}'])`,
})

const transitions: FactTable = {
  topic: 'tickets',
  columns: {
    ...POSITION_COLUMNS,
    id: 'String',
    ticket_kind: WORD,
    ticket_id: 'String',
    number: 'String',
    version: 'UInt64',
    at: TIME,
    actor: 'String',
    action: WORD,
    from_state: WORD,
    to_state: WORD,
    fields: `Map(${WORD}, String)`,
  },
  derived: {
    field_title: { type: 'String', from: `fields['title']` },
    field_priority: word('priority'),
    field_severity: word('severity'),
    field_service: word('service'),
    field_team: word('team'),
    field_assignee: word('assignee'),
    field_scope: word('scope'),
    field_opened_at: time('openedAt'),
    field_acknowledged_at: time('acknowledgedAt'),
    field_resolved_at: time('resolvedAt'),
    field_closed_at: time('closedAt'),
    field_reopens: count('reopenCount'),
    field_reassignments: count('reassignmentCount'),
    field_response_sla: word('responseSla'),
    field_resolution_sla: word('resolutionSla'),
    field_rating: { type: 'Nullable(UInt8)', from: `toUInt8OrNull(fields['rating'])` },
    field_outcome: word('outcome'),
    field_item: word('item'),
    field_due_at: time('dueAt'),
    field_fulfilled_at: time('fulfilledAt'),
  },
  key: ['ticket_kind', 'ticket_id', 'id'],
  at: 'at',
  retention: 'tickets',
}

const deadLetters: FactTable = {
  topic: 'dead-letters',
  columns: {
    ...POSITION_COLUMNS,
    id: 'String',
    at: TIME,
    source: WORD,
    reason: WORD,
    detail: 'String',
    topic: WORD,
  },
  key: ['id'],
  at: 'at',
  retention: 'alerts',
}

export const FACT_TABLES = {
  events,
  changes,
  decisions,
  alerts,
  incidents,
  hints,
  problems,
  transitions,
  dead_letters: deadLetters,
} as const satisfies Record<string, FactTable>

export type FactTableName = keyof typeof FACT_TABLES

export const FACT_TABLE_NAMES = Object.keys(FACT_TABLES) as FactTableName[]

export const tablesOfTopic = (topic: Topic): FactTableName[] =>
  FACT_TABLE_NAMES.filter((name) => FACT_TABLES[name].topic === topic)
