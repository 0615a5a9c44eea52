// The desk's store on a PostgreSQL server.
import { drizzle } from 'drizzle-orm/node-postgres'
import type { DeskDatabase } from '../../ticketing/store/database.ts'
import { migrate } from '../../ticketing/store/migrate.ts'
import * as schema from '../../ticketing/store/schema.ts'
import { openPostgresPool, type PostgresOptions } from './postgres-pool.ts'

const LIMITS = { connectionsMax: 8, statementTimeoutMs: 30_000, applicationName: 'faultline' }

/** @throws Error when the server cannot be reached or its schema cannot be brought up to date */
export const openPostgresDesk = async (options: PostgresOptions): Promise<DeskDatabase> => {
  const pool = openPostgresPool(options, LIMITS)
  const sql = drizzle({ client: pool, schema })
  try {
    await migrate(sql)
  } catch (error) {
    await pool.end()
    throw error
  }
  return {
    sql,
    async check() {
      await pool.query('select 1')
    },
    close: () => pool.end(),
  }
}
