// The tables of incidents that other desks have too: what is agreed, and how far each was asked.
import { bigint, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { SharedFields, Wanted } from '../sync/other-desk.ts'

const number = (name: string) => bigint(name, { mode: 'number' })

export const SYNC_STATES = ['pending', 'claimed', 'synced', 'dead'] as const
export type SyncState = (typeof SYNC_STATES)[number]

/** A comment of ours that the other desk does not have yet. */
export interface SyncNote {
  readonly id: string
  readonly text: string
}

/** What both sides agreed on last. */
export interface Seen extends SharedFields, Pick<Wanted, 'title' | 'priority'> {
  /** How many of their comments we have read. */
  readonly comments: number
}

export const syncLinks = pgTable('sync_links', {
  /** `<target>/<incident>` */
  id: text('id').primaryKey(),
  target: text('target').notNull(),
  incidentId: text('incident_id').notNull(),
  remoteId: text('remote_id'),
  remoteKey: text('remote_key'),
  remoteUrl: text('remote_url'),
  wanted: jsonb('wanted').$type<Wanted>().notNull(),
  seen: jsonb('seen').$type<Seen>(),
  notes: jsonb('notes').$type<readonly SyncNote[]>().notNull(),
  status: text('status').$type<SyncState>().notNull(),
  dueAt: number('due_at').notNull(),
  claimedUntil: number('claimed_until'),
  attempts: integer('attempts').notNull(),
  detail: text('detail'),
})
export type SyncLinkRow = typeof syncLinks.$inferSelect

/** One poller a target, over several processes; and since when it has not looked. */
export const syncPolls = pgTable('sync_polls', {
  target: text('target').primaryKey(),
  polledAt: number('polled_at').notNull(),
  claimedUntil: number('claimed_until').notNull(),
})
