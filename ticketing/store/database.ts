// What the desk needs of its SQL store, the same for PGlite and PostgreSQL.
import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgDatabase, PgQueryResultHKT, PgTable } from 'drizzle-orm/pg-core'
import type * as schema from './schema.ts'

/** A connection or a transaction on it. */
export type DeskSql = PgDatabase<PgQueryResultHKT, typeof schema>

export interface DeskDatabase {
  readonly sql: DeskSql
  /** Rejects, with what is wrong, when the store cannot answer now. */
  check(): Promise<void>
  close(): Promise<void>
}

/** Rows a statement may carry: bounds the text that is sent and parsed at once. */
const INSERT_ROWS_MAX = 1000

/** Every column but the keys takes what the insert wanted to write. */
const takeExcluded = (columns: readonly PgColumn[], keys: readonly PgColumn[]): SQL =>
  sql.join(
    columns
      .filter((column) => !keys.includes(column))
      .map(({ name }) => sql`${sql.identifier(name)} = excluded.${sql.identifier(name)}`),
    sql`, `,
  )

/** Rows as a JSON array of objects that PostgreSQL takes for rows of the table. */
const rowText = (
  columns: readonly (readonly [string, PgColumn])[],
  rows: readonly object[],
): string => {
  const named = columns.map(([key, { name }]) => [key, JSON.stringify(name)] as const)
  const texts = rows.map((row) => {
    let text = ''
    for (const [key, name] of named) {
      const value = (row as Record<string, unknown>)[key]
      if (value !== undefined && value !== null) text += `,${name}:${JSON.stringify(value)}`
    }
    return `{${text.slice(1)}}`
  })
  return `[${texts.join(',')}]`
}

/** What becomes of a row whose key is there already; without it, the statement fails. */
export type OnConflict =
  | 'keep'
  | { readonly replaceBy: PgColumn | readonly PgColumn[]; readonly where?: SQL }

const conflictClause = (columns: readonly PgColumn[], conflict: OnConflict | undefined): SQL => {
  if (conflict === undefined) return sql``
  if (conflict === 'keep') return sql`on conflict do nothing`
  const keys = [conflict.replaceBy].flat()
  const names = keys.map(({ name }) => sql.identifier(name))
  const where = conflict.where === undefined ? sql`` : sql`where ${conflict.where}`
  return sql`on conflict (${sql.join(names, sql`, `)})
    do update set ${takeExcluded(columns, keys)} ${where}`
}

/**
 * Writes whole rows by a statement whose text does not grow with them: they travel as one JSON
 * parameter, which both sides read several times faster than a parameter for each field.
 * A column that a row lacks becomes null, also where the table has a default.
 */
export const insertRows = async <T extends PgTable>(
  tx: DeskSql,
  table: T,
  rows: readonly T['$inferInsert'][],
  conflict?: OnConflict,
): Promise<void> => {
  const entries = Object.entries(getTableColumns(table) as Record<string, PgColumn>)
  const columns = entries.map(([, column]) => column)
  const names = sql.join(
    columns.map(({ name }) => sql.identifier(name)),
    sql`, `,
  )
  const clause = conflictClause(columns, conflict)
  for (let from = 0; from < rows.length; from += INSERT_ROWS_MAX) {
    const text = rowText(entries, rows.slice(from, from + INSERT_ROWS_MAX))
    await tx.execute(
      sql`insert into ${table} (${names})
        select ${names} from json_populate_recordset(null::${table}, ${text}::json) ${clause}`,
    )
  }
}

/** Text as PostgreSQL can hold it: NUL and lone surrogates become visible replacements. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu
const storableText = (text: string): string =>
  text.replace(UNSTORABLE, (character) => (character === '\0' ? '\u2400' : '\ufffd'))

/** @returns whether any text within cannot be stored as it is */
const isUnstorable = (value: unknown): boolean => {
  if (typeof value === 'string') return value.search(UNSTORABLE) >= 0
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(isUnstorable)
  for (const key in value)
    if (isUnstorable(key) || isUnstorable((value as Record<string, unknown>)[key])) return true
  return false
}

const replaced = (value: unknown): unknown => {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(replaced)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [storableText(key), replaced(member)]),
  )
}

/**
 * The same value with storable text throughout: itself, unless something had to be replaced.
 * Depth is bounded by the edge (32).
 */
export const storable = <T>(value: T): T => (isUnstorable(value) ? (replaced(value) as T) : value)
