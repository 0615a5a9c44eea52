// The desk's tables, typed. The SQL that makes them is in migrations/; a test compares the two.
import { bigint, boolean, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Alert } from '../../domain/alert.ts'
import type { Incident } from '../../domain/incident.ts'
import type { ProblemCandidate } from '../../domain/problem.ts'
import type { DeadLetterRecord } from '../../domain/records.ts'
import type { Severity } from '../../domain/severity.ts'
import type { RelationType } from '../../domain/topology.ts'
import type { Assessment } from '../changes/assessment.ts'
import type { Verdict } from '../changes/suspects.ts'
import type { CommandOutcome } from '../commands/outcome.ts'
import type { ChangeOutcome, ChangeState, Risk } from '../lifecycles/change.ts'
import type { IncidentState } from '../lifecycles/incident.ts'
import type { ProblemState } from '../lifecycles/problem.ts'
import type { RequestState } from '../lifecycles/request.ts'
import type { TaskKind, TaskState } from '../lifecycles/task.ts'
import type { Level, Priority } from '../priority.ts'
import type { Analysis } from '../problems/analysis.ts'
import type { Run } from '../sla/clock.ts'
import type { SlaKind } from '../sla/policies.ts'

export * from '../heartbeats/tables.ts'
export * from '../incidents/decision-tables.ts'
export * from '../integrations/tables.ts'
export * from '../mutes/tables.ts'
export * from '../people/tables.ts'

export * from './outgoing-schema.ts'

/** Milliseconds UTC, versions, sequences: below 2^53. */
const number = (name: string) => bigint(name, { mode: 'number' })

/** How far each partition of each topic has been applied: written with what it applied. */
export const positions = pgTable(
  'positions',
  {
    topic: text('topic').notNull(),
    partition: integer('partition').notNull(),
    nextOffset: number('next_offset').notNull(),
  },
  (table) => [primaryKey({ columns: [table.topic, table.partition] })],
)

/** Ticket numbers and sequences; its first row is also the desk's lock. */
export const counters = pgTable('counters', {
  name: text('name').primaryKey(),
  value: number('value').notNull(),
})

/** What people add to an incident that is neither searched nor sorted by. */
export interface IncidentDetails {
  readonly commander?: string
  readonly communications?: string
  readonly watchers?: readonly string[]
  /** Ids of incidents, named by each other. */
  readonly related?: readonly string[]
  readonly review?: IncidentReview
  readonly rating?: IncidentRating
}

/** What somebody who was hit said of how it was handled; the last one holds. */
export interface IncidentRating {
  /** 1 to 5. */
  readonly rating: number
  /** How often somebody said so, this time included. */
  readonly times: number
  readonly comment?: string
  readonly by: string
  readonly at: number
}

export interface IncidentReview {
  readonly summary: string
  readonly impact?: string
  readonly causes?: string
  readonly lessons?: string
  readonly by: string
  readonly at: number
}

export const incidents = pgTable('incidents', {
  id: text('id').primaryKey(),
  number: text('number').notNull(),
  scope: text('scope').notNull(),
  title: text('title').notNull(),
  status: text('status').$type<IncidentState>().notNull(),
  severity: text('severity').$type<Severity>().notNull(),
  impact: text('impact').$type<Level>().notNull(),
  urgency: text('urgency').$type<Level>().notNull(),
  priority: text('priority').$type<Priority>().notNull(),
  priorityReason: text('priority_reason'),
  openedAt: number('opened_at').notNull(),
  lastEventAt: number('last_event_at').notNull(),
  acknowledgedAt: number('acknowledged_at'),
  resolvedAt: number('resolved_at'),
  closedAt: number('closed_at'),
  alertCount: integer('alert_count').notNull(),
  firingCount: integer('firing_count').notNull(),
  occurrenceCount: number('occurrence_count').notNull(),
  assignee: text('assignee'),
  team: text('team'),
  holdReason: text('hold_reason'),
  resolution: text('resolution'),
  problemId: text('problem_id'),
  mergedInto: text('merged_into'),
  reopenCount: integer('reopen_count').notNull(),
  reassignmentCount: integer('reassignment_count').notNull(),
  correlation: jsonb('correlation').$type<Incident>().notNull(),
  details: jsonb('details').$type<IncidentDetails>().notNull(),
  /** When the first of its running service level clocks is due. */
  dueAt: number('due_at'),
  breached: boolean('breached').notNull(),
  version: integer('version').notNull(),
  change: number('change').notNull(),
})
export type IncidentRow = typeof incidents.$inferSelect

export const alerts = pgTable('alerts', {
  id: text('id').primaryKey(),
  version: number('version').notNull(),
  scope: text('scope').notNull(),
  incidentId: text('incident_id'),
  name: text('name').notNull(),
  ci: text('ci'),
  severity: text('severity').$type<Severity>().notNull(),
  status: text('status').$type<Alert['status']>().notNull(),
  firstSeen: number('first_seen').notNull(),
  lastSeen: number('last_seen').notNull(),
  body: jsonb('body').$type<Alert>().notNull(),
})
export type AlertRow = typeof alerts.$inferSelect

export const tasks = pgTable('tasks', {
  id: text('id').primaryKey(),
  ticketId: text('ticket_id').notNull(),
  kind: text('kind').$type<TaskKind>().notNull(),
  title: text('title').notNull(),
  status: text('status').$type<TaskState>().notNull(),
  assignee: text('assignee'),
  createdAt: number('created_at').notNull(),
  doneAt: number('done_at'),
  doneBy: text('done_by'),
  ordinal: number('ordinal').notNull(),
  version: integer('version').notNull(),
})
export type TaskRow = typeof tasks.$inferSelect

export const slaClocks = pgTable('sla_clocks', {
  /** `<ticket>/<kind>` */
  id: text('id').primaryKey(),
  ticketId: text('ticket_id').notNull(),
  kind: text('kind').$type<SlaKind>().notNull(),
  policy: text('policy').notNull(),
  calendar: text('calendar').notNull(),
  targetMs: number('target_ms').notNull(),
  runs: jsonb('runs').$type<readonly Run[]>().notNull(),
  running: boolean('running').notNull(),
  elapsedMs: number('elapsed_ms').notNull(),
  dueAt: number('due_at'),
  warnAt: number('warn_at'),
  warned: boolean('warned').notNull(),
  breached: boolean('breached').notNull(),
})
export type SlaClockRow = typeof slaClocks.$inferSelect

export const timeline = pgTable('timeline', {
  id: text('id').primaryKey(),
  ticketId: text('ticket_id').notNull(),
  at: number('at').notNull(),
  /** Orders entries of one instant. */
  ordinal: number('ordinal').notNull(),
  kind: text('kind').notNull(),
  text: text('text').notNull(),
  actor: text('actor'),
  alertId: text('alert_id'),
})
export type TimelineRow = typeof timeline.$inferSelect

/** What people found out about a problem. */
export interface ProblemDetails extends Analysis {
  readonly dismissedBecause?: string
  /** When the pattern was last seen though it had been resolved. */
  readonly recurredAt?: number
}

export const problems = pgTable('problems', {
  id: text('id').primaryKey(),
  number: text('number').notNull(),
  scope: text('scope').notNull(),
  title: text('title').notNull(),
  status: text('status').$type<ProblemState>().notNull(),
  incidentCount: integer('incident_count').notNull(),
  firstAt: number('first_at').notNull(),
  lastAt: number('last_at').notNull(),
  assignee: text('assignee'),
  cause: text('cause'),
  workaround: text('workaround'),
  details: jsonb('details').$type<ProblemDetails>().notNull(),
  /** The change that is to remove the cause for good. */
  fixChangeId: text('fix_change_id'),
  createdAt: number('created_at').notNull(),
  /** Set while it is resolved or closed: a recurrence after this reopens it. */
  resolvedAt: number('resolved_at'),
  candidate: jsonb('candidate').$type<ProblemCandidate>().notNull(),
  version: integer('version').notNull(),
  change: number('change').notNull(),
})
export type ProblemRow = typeof problems.$inferSelect

/** What a change is to do, in words. */
export interface ChangeBody {
  readonly description: string
  readonly plan?: string
  readonly backoutPlan?: string
}

export interface ChangeVote {
  readonly actor: string
  readonly approves: boolean
  readonly at: number
  readonly comment?: string
}

/** By a person, as an RFC; or by a tool, as done or being done. */
export type ChangeOrigin = 'requested' | 'reported'

export const changes = pgTable('changes', {
  id: text('id').primaryKey(),
  number: text('number').notNull(),
  origin: text('origin').$type<ChangeOrigin>().notNull(),
  title: text('title').notNull(),
  /** One of `CHANGE_TYPES` where people requested it, the tool's word otherwise. */
  type: text('type').notNull(),
  status: text('status').$type<ChangeState>().notNull(),
  requester: text('requester').notNull(),
  assignee: text('assignee'),
  cis: jsonb('cis').$type<readonly string[]>().notNull(),
  plannedStart: number('planned_start').notNull(),
  plannedEnd: number('planned_end').notNull(),
  startedAt: number('started_at'),
  endedAt: number('ended_at'),
  outcome: text('outcome').$type<ChangeOutcome>(),
  risk: text('risk').$type<Risk>(),
  body: jsonb('body').$type<ChangeBody>().notNull(),
  assessment: jsonb('assessment').$type<Assessment>(),
  votes: jsonb('votes').$type<readonly ChangeVote[]>().notNull(),
  /** Incidents that the correlator suspects it of. */
  incidentIds: jsonb('incident_ids').$type<readonly string[]>().notNull(),
  /** What people said of those, by incident id. */
  verdicts: jsonb('verdicts').$type<Readonly<Record<string, Verdict>>>().notNull(),
  link: text('link'),
  createdAt: number('created_at').notNull(),
  version: integer('version').notNull(),
  change: number('change').notNull(),
})
export type ChangeRow = typeof changes.$inferSelect

export const requests = pgTable('requests', {
  id: text('id').primaryKey(),
  number: text('number').notNull(),
  item: text('item').notNull(),
  title: text('title').notNull(),
  status: text('status').$type<RequestState>().notNull(),
  requester: text('requester').notNull(),
  assignee: text('assignee'),
  team: text('team'),
  form: jsonb('form').$type<Record<string, unknown>>().notNull(),
  dueAt: number('due_at'),
  fulfilledAt: number('fulfilled_at'),
  createdAt: number('created_at').notNull(),
  version: integer('version').notNull(),
  change: number('change').notNull(),
})
export type RequestRow = typeof requests.$inferSelect

/** What a process says. */
export interface ProcessBody {
  readonly objective: string
  readonly steps: readonly string[]
  readonly documentation?: string
  /** Incidents with one of these show the runbook. */
  readonly links?: {
    readonly alertNames?: readonly string[]
    readonly cis?: readonly string[]
    readonly problems?: readonly string[]
  }
}

export const processes = pgTable('processes', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  kind: text('kind').$type<'process' | 'runbook'>().notNull(),
  owner: text('owner'),
  reviewBy: number('review_by'),
  retired: boolean('retired').notNull(),
  body: jsonb('body').$type<ProcessBody>().notNull(),
  updatedAt: number('updated_at').notNull(),
  version: integer('version').notNull(),
})
export type ProcessRow = typeof processes.$inferSelect

export const processVersions = pgTable('process_versions', {
  /** `<process>@<version>` */
  id: text('id').primaryKey(),
  processId: text('process_id').notNull(),
  version: integer('version').notNull(),
  at: number('at').notNull(),
  actor: text('actor').notNull(),
  body: jsonb('body').$type<ProcessBody>().notNull(),
})

export const commandResults = pgTable('command_results', {
  id: text('id').primaryKey(),
  at: number('at').notNull(),
  /** Of actor, action, target and body: tells a retry from a key used twice. */
  digest: text('digest').notNull(),
  outcome: jsonb('outcome').$type<CommandOutcome>().notNull(),
})

/** Appended to only (a trigger refuses the rest), each row chained to the one before. */
export const audit = pgTable('audit', {
  sequence: number('sequence').primaryKey(),
  at: number('at').notNull(),
  actor: text('actor').notNull(),
  action: text('action').notNull(),
  target: text('target').notNull(),
  /** The entry as JSON text, byte for byte what was hashed. */
  entry: text('entry').notNull(),
  hash: text('hash').notNull(),
})
export type AuditRow = typeof audit.$inferSelect

/** Records on their way to the log; deleted once they are in it. */
export const outbox = pgTable('outbox', {
  sequence: number('sequence').primaryKey(),
  topic: text('topic').$type<'tickets' | 'events' | 'dead-letters'>().notNull(),
  /** Chooses the partition as a scope does; null = every partition. */
  key: text('key'),
  record: text('record').notNull(),
})

export const deadLetters = pgTable('dead_letters', {
  id: text('id').primaryKey(),
  at: number('at').notNull(),
  source: text('source').notNull(),
  reason: text('reason').notNull(),
  body: jsonb('body').$type<DeadLetterRecord>().notNull(),
})

/** CIs with their history: a row is true from `validFrom` until `validTo`. */
export const cis = pgTable(
  'cis',
  {
    id: text('id').notNull(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    attributes: jsonb('attributes').$type<Record<string, string>>().notNull(),
    validFrom: number('valid_from').notNull(),
    validTo: number('valid_to'),
    current: boolean('current').notNull(),
  },
  (table) => [primaryKey({ columns: [table.id, table.validFrom] })],
)
export type CiRow = typeof cis.$inferSelect

export const relations = pgTable(
  'relations',
  {
    from: text('from_ci').notNull(),
    to: text('to_ci').notNull(),
    type: text('type').$type<RelationType>().notNull(),
    validFrom: number('valid_from').notNull(),
    validTo: number('valid_to'),
    current: boolean('current').notNull(),
  },
  (table) => [primaryKey({ columns: [table.from, table.to, table.type, table.validFrom] })],
)
export type RelationRow = typeof relations.$inferSelect
