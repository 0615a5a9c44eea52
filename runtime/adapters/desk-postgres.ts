// The desk's store on a PostgreSQL server.
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import type { DeskDatabase } from '../../ticketing/store/database.ts'
import { migrate } from '../../ticketing/store/migrate.ts'
import * as schema from '../../ticketing/store/schema.ts'

const CONNECTIONS_MAX = 8
const CONNECT_TIMEOUT_MS = 10_000
const STATEMENT_TIMEOUT_MS = 30_000

/**
 * @param url `postgres://user:password@host:port/database`
 * @param onError told of connections lost while idle; the pool replaces them by itself
 * @throws Error when the server cannot be reached or its schema cannot be brought up to date
 */
export const openPostgresDesk = async (options: {
  url: string
  onError?: (error: Error) => void
}): Promise<DeskDatabase> => {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'faultline',
  })
  // Without a listener a server restart would end the process.
  pool.on('error', (error) => options.onError?.(error))
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
