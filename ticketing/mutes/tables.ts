// Silences: what a person does not want to hear of for a while.
import { bigint, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { Matcher } from '../../domain/matcher.ts'

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
