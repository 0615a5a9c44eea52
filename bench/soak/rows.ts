// What a stopped Faultline holds in its SQL store and its facts, table by table.
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import { openChdbFacts } from '../../runtime/adapters/facts-chdb.ts'

export interface TableRows {
  readonly table: string
  readonly rows: number
}

const SQL_TABLES = `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`
const FACT_TABLES = `SELECT name FROM system.tables
  WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name`

const deskRows = async (directory: string): Promise<TableRows[]> => {
  const desk = await openPgliteDesk({ directory })
  try {
    const ask = async <T>(text: string): Promise<T[]> =>
      ((await desk.sql.execute(sql.raw(text))) as { rows: T[] }).rows
    const counted: TableRows[] = []
    for (const { name } of await ask<{ name: string }>(SQL_TABLES)) {
      const [row] = await ask<{ n: number }>(`SELECT count(*)::int AS n FROM "${name}"`)
      counted.push({ table: `SQL ${name}`, rows: row!.n })
    }
    return counted
  } finally {
    await desk.close()
  }
}

const factRows = async (directory: string): Promise<TableRows[]> => {
  const facts = await openChdbFacts({ directory })
  try {
    const counted: TableRows[] = []
    for (const { name } of await facts.query<{ name: string }>(FACT_TABLES)) {
      const [row] = await facts.query<{ n: number }>(`SELECT count() AS n FROM ${name}`)
      counted.push({ table: `facts ${name}`, rows: Number(row!.n) })
    }
    return counted
  } finally {
    await facts.close()
  }
}

/** @param data a data directory that nobody uses any more */
export const countRows = async (data: string): Promise<TableRows[]> => [
  ...(await deskRows(join(data, 'desk'))),
  ...(await factRows(join(data, 'facts'))),
]
