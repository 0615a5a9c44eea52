// Brings the store to the newest schema: hand-written SQL, in order, once each, in one transaction.
import { sql } from 'drizzle-orm'
import { hash64 } from '../../domain/hash.ts'
import type { DeskSql } from './database.ts'
import { MIGRATIONS } from './migrations/index.ts'

export interface Migration {
  readonly name: string
  readonly statements: readonly string[]
}

/** Any number, the same in every process: two that start together migrate one after the other. */
const MIGRATION_LOCK = 4_130_617

/**
 * Migrations that this program does not know are left alone: an older program may run beside a
 * newer one during a rolling restart.
 * @returns the names of those applied now
 * @throws Error when a migration that was applied has been edited since
 */
export const migrate = (
  database: DeskSql,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<string[]> =>
  database.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`)
    await tx.execute(
      sql`create table if not exists migrations (name text primary key, digest text not null)`,
    )
    const { rows } = (await tx.execute(sql`select name, digest from migrations`)) as {
      rows: { name: string; digest: string }[]
    }
    const known = new Map(rows.map((row) => [row.name, row.digest]))
    const applied: string[] = []
    for (const { name, statements } of migrations) {
      const digest = hash64(statements.join(';\n'))
      const before = known.get(name)
      if (before === digest) continue
      if (before !== undefined) throw new Error(`migration ${name} was edited after it was applied`)
      for (const statement of statements) await tx.execute(sql.raw(statement))
      await tx.execute(sql`insert into migrations (name, digest) values (${name}, ${digest})`)
      applied.push(name)
    }
    return applied
  })
