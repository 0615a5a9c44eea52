// The desk's tables of heartbeats, typed.
import { bigint, boolean, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type {
  Heartbeat,
  HeartbeatDefinition,
  HeartbeatPing,
  HeartbeatReason,
  HeartbeatStatus,
} from '../../domain/heartbeat.ts'

const number = (name: string) => bigint(name, { mode: 'number' })

export const heartbeats = pgTable('heartbeats', {
  id: text('id').primaryKey(),
  /** The secret of its ping URL; null where only alerts feed it. */
  uuid: text('uuid'),
  slug: text('slug').notNull(),
  name: text('name').notNull(),
  description: text('description').notNull(),
  tags: jsonb('tags').$type<readonly string[]>().notNull(),
  definition: jsonb('definition').$type<HeartbeatDefinition>().notNull(),
  /** Names its badge; tells nothing of the ping URL. */
  badgeKey: text('badge_key').notNull(),
  status: text('status').$type<HeartbeatStatus>().notNull(),
  /** As the correlator last told it; null until it has. */
  state: jsonb('state').$type<Heartbeat>(),
  stateVersion: number('state_version').notNull(),
  version: integer('version').notNull(),
  createdAt: number('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  deleted: boolean('deleted').notNull(),
  /** Grows when what the edge must know changes; 0 = is to be numbered. */
  change: number('change').notNull(),
})
export type HeartbeatRow = typeof heartbeats.$inferSelect

/** A ring for each heartbeat: ping n lies in slot n modulo the number kept. */
export const heartbeatPings = pgTable(
  'heartbeat_pings',
  {
    heartbeatId: text('heartbeat_id').notNull(),
    slot: integer('slot').notNull(),
    number: number('number').notNull(),
    body: jsonb('body').$type<HeartbeatPing>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.heartbeatId, table.slot] })],
)

export const heartbeatTransitions = pgTable(
  'heartbeat_transitions',
  {
    heartbeatId: text('heartbeat_id').notNull(),
    version: number('version').notNull(),
    at: number('at').notNull(),
    from: text('from_status').$type<HeartbeatStatus>().notNull(),
    to: text('to_status').$type<HeartbeatStatus>().notNull(),
    reason: text('reason').$type<HeartbeatReason>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.heartbeatId, table.version] })],
)
export type HeartbeatTransitionRow = typeof heartbeatTransitions.$inferSelect
