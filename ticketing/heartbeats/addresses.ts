// Whom pings may be for: what the edge must know of heartbeats.
import { and, asc, eq, gt, isNotNull } from 'drizzle-orm'
import type { HeartbeatAddress } from '../../domain/ports/heartbeats.ts'
import type { DeskSql } from '../store/database.ts'
import { type HeartbeatRow, heartbeats } from './tables.ts'

const addressOf = (row: HeartbeatRow): HeartbeatAddress => ({
  id: row.id,
  scope: row.definition.scope,
  slug: row.slug,
  name: row.name,
  ...(row.uuid === null ? {} : { uuid: row.uuid }),
  isKnown: row.state !== null,
})

export interface AddressChange {
  readonly change: number
  readonly id: string
  /** Absent: the heartbeat is gone. */
  readonly address?: HeartbeatAddress
}

export const heartbeatAddressQueries = (database: DeskSql) => ({
  /** Whom pings may be for, as far as changed since, oldest change first. */
  async heartbeatAddresses(since: number, limit: number): Promise<AddressChange[]> {
    const rows = await database
      .select()
      .from(heartbeats)
      .where(gt(heartbeats.change, since))
      .orderBy(asc(heartbeats.change))
      .limit(limit)
    return rows.map((row) =>
      row.deleted
        ? { change: row.change, id: row.id }
        : { change: row.change, id: row.id, address: addressOf(row) },
    )
  },

  /** One that the list does not have yet. */
  async findHeartbeatAddress(
    by: { readonly uuid: string } | { readonly slug: string },
  ): Promise<HeartbeatAddress | undefined> {
    const isIt = 'uuid' in by ? eq(heartbeats.uuid, by.uuid) : eq(heartbeats.slug, by.slug)
    const isKnown = 'uuid' in by ? undefined : isNotNull(heartbeats.state)
    const [row] = await database
      .select()
      .from(heartbeats)
      .where(and(eq(heartbeats.deleted, false), isIt, isKnown))
      .limit(1)
    return row && addressOf(row)
  },
})
