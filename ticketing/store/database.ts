// What the desk needs of its SQL store, the same for PGlite and PostgreSQL.
import { getTableColumns, type SQL, sql, type Table } from 'drizzle-orm'
import type { PgColumn, PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type * as schema from './schema.ts'

/** A connection or a transaction on it. */
export type DeskSql = PgDatabase<PgQueryResultHKT, typeof schema>

export interface DeskDatabase {
  readonly sql: DeskSql
  /** Rejects, with what is wrong, when the store cannot answer now. */
  check(): Promise<void>
  close(): Promise<void>
}

/** Rows a statement may carry: parameters are limited to 65,535. */
const INSERT_ROWS_MAX = 500

export const inChunks = async <T>(
  rows: readonly T[],
  each: (chunk: T[]) => Promise<unknown>,
): Promise<void> => {
  for (let from = 0; from < rows.length; from += INSERT_ROWS_MAX)
    await each(rows.slice(from, from + INSERT_ROWS_MAX))
}

/** For `on conflict do update`: every column takes what the insert wanted to write. */
export const excludedColumns = (table: Table): Record<string, SQL> =>
  Object.fromEntries(
    Object.entries(getTableColumns(table) as Record<string, PgColumn>)
      .filter(([, column]) => !column.primary)
      .map(([key, column]) => [key, sql.raw(`excluded."${column.name}"`)]),
  )

/** Text as PostgreSQL can hold it: NUL and lone surrogates become visible replacements. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu
const storableText = (text: string): string =>
  text.replace(UNSTORABLE, (character) => (character === '\0' ? '\u2400' : '\ufffd'))

/** The same value with storable text throughout. Depth is bounded by the edge (32). */
export const storable = <T>(value: T): T => {
  if (typeof value === 'string') return storableText(value) as T
  if (Array.isArray(value)) return value.map(storable) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [storableText(key), storable(member)]),
  ) as T
}
