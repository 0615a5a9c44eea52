// Empties a desk store between tests: starting PGlite anew costs seconds.
import { sql } from 'drizzle-orm'
import type { DeskDatabase } from '../store/database.ts'

/** Every table but the record of migrations. */
export const tableNames = async ({ sql: database }: DeskDatabase): Promise<string[]> => {
  const { rows } = (await database.execute(
    sql`select tablename from pg_tables where schemaname = 'public' and tablename <> 'migrations'
        order by tablename`,
  )) as { rows: { tablename: string }[] }
  return rows.map(({ tablename }) => tablename)
}

export const emptyDesk = async (database: DeskDatabase): Promise<void> => {
  const names = await tableNames(database)
  await database.sql.execute(sql.raw(`truncate ${names.join(', ')}`))
  await database.sql.execute(sql`insert into counters (name, value) values ('change', 0)`)
}

/** Everything in the store, as text that two stores can be compared by. */
export const dumpDesk = async (
  database: DeskDatabase,
  without: readonly string[] = [],
): Promise<Record<string, unknown[]>> => {
  const dump: Record<string, unknown[]> = {}
  for (const name of await tableNames(database)) {
    if (without.includes(name)) continue
    const { rows } = (await database.sql.execute(
      sql.raw(`select to_jsonb(t) as row from ${name} t order by to_jsonb(t)::text`),
    )) as { rows: { row: unknown }[] }
    dump[name] = rows.map(({ row }) => row)
  }
  return dump
}
