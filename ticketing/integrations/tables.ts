// Integrations: who may send, what came of it, and which dead letters were offered again.
import { bigint, boolean, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import type { DeliveryRing, FieldMapping } from '../../domain/integration.ts'

const number = (name: string) => bigint(name, { mode: 'number' })

/** Of a token only its hash is ever here or in the log. */
export interface StoredKey {
  readonly sha256: string
  readonly createdAt: number
  /** Set once another has taken its place. */
  readonly validUntil?: number
}

export const integrations = pgTable('integrations', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  source: text('source'),
  mapping: jsonb('mapping').$type<FieldMapping>(),
  deliveriesPerMinuteMax: integer('deliveries_per_minute_max').notNull(),
  newFingerprintsPerMinuteMax: integer('new_fingerprints_per_minute_max').notNull(),
  disabled: boolean('disabled').notNull(),
  keys: jsonb('keys').$type<readonly StoredKey[]>().notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: number('created_at').notNull(),
  version: integer('version').notNull(),
})
export type IntegrationRow = typeof integrations.$inferSelect

/**
 * What each process of the edge last saw of each sender. No part of the projection: it comes from
 * the edge itself, and a rebuild begins without it.
 */
export const deliveryRings = pgTable('delivery_rings', {
  /** `<process> <sender>` */
  id: text('id').primaryKey(),
  sender: text('sender').notNull(),
  at: number('at').notNull(),
  ring: jsonb('ring').$type<DeliveryRing>().notNull(),
})

/** What came of offering a dead letter again; the newest time. */
export const letterReplays = pgTable('letter_replays', {
  /** The letter's id. */
  id: text('id').primaryKey(),
  at: number('at').notNull(),
  actor: text('actor').notNull(),
  status: integer('status').notNull(),
  accepted: integer('accepted').notNull(),
  reason: text('reason'),
})
