// People's decisions about membership, kept so that they can be taken back.
import { bigint, pgTable, text } from 'drizzle-orm/pg-core'

const number = (name: string) => bigint(name, { mode: 'number' })

export const decisions = pgTable('decisions', {
  /** The command's id. */
  id: text('id').primaryKey(),
  incidentId: text('incident_id').notNull(),
  scope: text('scope').notNull(),
  at: number('at').notNull(),
  actor: text('actor').notNull(),
  summary: text('summary').notNull(),
  /** As text: the correlator knows it again by its every character. */
  decision: text('decision').notNull(),
  /** Incidents that it is about, each between spaces. */
  about: text('about').notNull(),
  undoneBy: text('undone_by'),
  undoneAt: number('undone_at'),
})
export type DecisionRow = typeof decisions.$inferSelect
