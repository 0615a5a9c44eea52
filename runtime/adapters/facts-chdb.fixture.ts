// Test support: a chDB of its own for one test file.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Facts } from '../../domain/ports/facts.ts'
import { openChdbFacts } from './facts-chdb.ts'

/** chDB opens one directory per process, so one of these per test file. */
export const openTestFacts = async (): Promise<Facts> => {
  const directory = await mkdtemp(join(tmpdir(), 'faultline-facts-'))
  const facts = await openChdbFacts({ directory })
  return {
    ...facts,
    async close() {
      await facts.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export const dropEverything = async (facts: Facts): Promise<void> => {
  const tables = await facts.query<{ name: string; engine: string }>(
    'SELECT name, engine FROM system.tables WHERE database = currentDatabase()',
  )
  for (const { name, engine } of tables)
    await facts.command(engine === 'View' ? `DROP VIEW ${name}` : `DROP TABLE ${name} SYNC`)
}

export const rowCount = async (facts: Facts, table: string): Promise<number> => {
  const [row] = await facts.query<{ n: number }>(`SELECT count() AS n FROM ${table}`)
  return row!.n
}
