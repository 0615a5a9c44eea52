// Brings what the desk decided to the log: at least once, in order, with ids that make it once.
import { asc, inArray } from 'drizzle-orm'
import type { Log, LogEntry } from '../domain/ports/log.ts'
import { partitionOfScope, RECORD_FORMAT } from '../domain/records.ts'
import type { DeskSql } from './store/database.ts'
import { outbox } from './store/schema.ts'

/** Records published between two looks at the outbox. */
const BATCH_MAX = 500

const encoder = new TextEncoder()

type OutboxRow = typeof outbox.$inferSelect

const entryOf = ({ record }: OutboxRow): LogEntry => ({
  value: encoder.encode(record),
  headers: { format: RECORD_FORMAT },
})

/** Which partitions a row goes to: its key's, or every one. */
const partitionsOf = ({ key }: OutboxRow, count: number): number[] =>
  key === null ? Array.from({ length: count }, (_, index) => index) : [partitionOfScope(key, count)]

const publishBatch = async (log: Log, rows: readonly OutboxRow[]): Promise<void> => {
  for (const topic of ['events', 'tickets', 'dead-letters'] as const) {
    const own = rows.filter((row) => row.topic === topic)
    if (own.length === 0) continue
    const count = await log.partitions(topic)
    const byPartition = new Map<number, LogEntry[]>()
    for (const row of own)
      for (const partition of partitionsOf(row, count)) {
        const entries = byPartition.get(partition)
        if (entries === undefined) byPartition.set(partition, [entryOf(row)])
        else entries.push(entryOf(row))
      }
    for (const [partition, entries] of byPartition) await log.append(topic, partition, entries)
  }
}

/**
 * Publishes what is in the outbox. A crash between append and delete publishes again: ids and
 * versions in the records make the second time no news.
 * @returns how many records were published
 * @throws LogUnavailableError when the log cannot take them now; they stay in the outbox
 */
export const publishOutbox = async (database: DeskSql, log: Log): Promise<number> => {
  let published = 0
  for (;;) {
    const rows = await database.select().from(outbox).orderBy(asc(outbox.sequence)).limit(BATCH_MAX)
    if (rows.length === 0) return published
    await publishBatch(log, rows)
    const sequences = rows.map((row) => row.sequence)
    await database.delete(outbox).where(inArray(outbox.sequence, sequences))
    published += rows.length
    if (rows.length < BATCH_MAX) return published
  }
}
