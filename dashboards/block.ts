// A block of fact rows on its way into one table: what one insert carries, and its name.
import type { FactRow } from '../domain/ports/facts.ts'
import { DAY_MS, type Millis } from '../domain/time.ts'
import { FACT_TABLES, type FactTableName } from './tables.ts'

/** Where a row stands in the log: the record, and the place within the record. */
export interface RowPosition {
  readonly partition: number
  readonly offset: number
  readonly index: number
}

export const isAfter = (a: RowPosition, b: RowPosition | undefined): boolean =>
  b === undefined || a.offset > b.offset || (a.offset === b.offset && a.index > b.index)

export interface Block {
  readonly table: FactTableName
  /** In log order; by id where a newer row replaces an older one. */
  readonly rows: Map<unknown, FactRow>
  /** When its first row came. */
  readonly since: Millis
  /** The day that all its rows share; only for tables with a part a day. */
  readonly day: number | undefined
}

const dayOf = (table: FactTableName, row: FactRow): number | undefined => {
  const { at, daily } = FACT_TABLES[table] as { at: string; daily?: true }
  return daily ? Math.floor((row[at] as Millis) / DAY_MS) : undefined
}

export const openBlock = (table: FactTableName, row: FactRow, now: Millis): Block => ({
  table,
  rows: new Map(),
  since: now,
  day: dayOf(table, row),
})

/** An insert that touches two days would be two parts, and a crash could keep only one of them. */
export const fits = (block: Block, row: FactRow, rowsMax: number): boolean =>
  block.rows.size < rowsMax && block.day === dayOf(block.table, row)

/** A newer version of the same thing takes the older one's place: it would replace it anyway. */
export const addRow = ({ table, rows }: Block, row: FactRow): void => {
  const key = 'version' in FACT_TABLES[table] ? row.id : rows.size
  rows.delete(key)
  rows.set(key, row)
}

/**
 * Names the rows by their log positions, so that a retry carries the same name and different rows
 * never do.
 */
export const tokenOf = (table: FactTableName, rows: readonly FactRow[]): string => {
  const spans = new Map<unknown, { first: string; last: string; count: number }>()
  for (const row of rows) {
    const at = `${row.log_offset}.${row.log_index}`
    const span = spans.get(row.log_partition)
    if (span === undefined) spans.set(row.log_partition, { first: at, last: at, count: 1 })
    else {
      span.last = at
      span.count += 1
    }
  }
  const named = [...spans].map(
    ([partition, { first, last, count }]) => `${partition}:${first}-${last}x${count}`,
  )
  return `${table}/${named.join(',')}`
}
