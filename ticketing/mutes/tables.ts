// Silences and maintenance windows: what people do not want to hear of for a while.
import { bigint, boolean, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { Matcher } from '../../domain/matcher.ts'
import type { Recurrence } from './recurrence.ts'

const number = (name: string) => bigint(name, { mode: 'number' })

export const silences = pgTable('silences', {
  /** Shaped as a UUID, which Alertmanager's clients expect. */
  id: text('id').primaryKey(),
  matchers: jsonb('matchers').$type<readonly Matcher[]>().notNull(),
  comment: text('comment').notNull(),
  createdBy: text('created_by').notNull(),
  startsAt: number('starts_at').notNull(),
  endsAt: number('ends_at').notNull(),
  updatedAt: number('updated_at').notNull(),
  version: integer('version').notNull(),
})
export type SilenceRow = typeof silences.$inferSelect

export const maintenanceWindows = pgTable('maintenance_windows', {
  id: text('id').primaryKey(),
  title: text('title').notNull(),
  cis: jsonb('cis').$type<readonly string[]>().notNull(),
  startsAt: number('starts_at').notNull(),
  endsAt: number('ends_at').notNull(),
  createdBy: text('created_by').notNull(),
  changeId: text('change_id'),
  cancelled: boolean('cancelled').notNull(),
  matchers: jsonb('matchers').$type<readonly Matcher[]>(),
  /** Null: once, from `startsAt` to `endsAt`. */
  recurrence: jsonb('recurrence').$type<Recurrence>(),
  version: integer('version').notNull(),
  /** When the correlator has to be told of further occurrences. */
  tellAgainAt: number('tell_again_at'),
})
export type MaintenanceWindowRow = typeof maintenanceWindows.$inferSelect
