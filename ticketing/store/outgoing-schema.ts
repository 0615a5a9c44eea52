// The tables of what leaves: what people are told, and what other desks are to have.
import { bigint, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { Message } from '../notifications/channels/channel.ts'
import type { NotificationEvent } from '../notifications/settings.ts'
import type { SharedFields, Wanted } from '../sync/other-desk.ts'

const number = (name: string) => bigint(name, { mode: 'number' })

export const NOTIFICATION_STATES = [
  'pending',
  'claimed',
  'sent',
  'cancelled',
  'muted',
  'stale',
  'dead',
] as const
export type NotificationState = (typeof NOTIFICATION_STATES)[number]

export const notifications = pgTable('notifications', {
  id: text('id').primaryKey(),
  /** Orders what is said of one incident on one channel. */
  sequence: number('sequence').notNull(),
  incidentId: text('incident_id').notNull(),
  rule: text('rule').notNull(),
  channel: text('channel').notNull(),
  event: text('event').$type<NotificationEvent>().notNull(),
  status: text('status').$type<NotificationState>().notNull(),
  message: jsonb('message').$type<Message>().notNull(),
  dueAt: number('due_at').notNull(),
  createdAt: number('created_at').notNull(),
  claimedUntil: number('claimed_until'),
  attempts: integer('attempts').notNull(),
  sentAt: number('sent_at'),
  detail: text('detail'),
})
export type NotificationRow = typeof notifications.$inferSelect

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
