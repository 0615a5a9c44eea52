// The desk's store without a server: PostgreSQL compiled to WebAssembly, in a thread of its own.
// PGlite does not fsync: what must survive power loss is in the log, and the desk replays it.
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import type { DeskDatabase } from '../../ticketing/store/database.ts'
import { migrate } from '../../ticketing/store/migrate.ts'
import * as schema from '../../ticketing/store/schema.ts'
import { type PgliteThread, startPgliteThread } from './pglite-thread.ts'
import { createWire } from './pglite-wire.ts'

/** In memory there is nothing to wait for but the statements themselves: no thread is paid for. */
const startHere = async (): Promise<PgliteThread> => {
  const database = await PGlite.create()
  return {
    exchange: (messages) => database.execProtocolRaw(messages),
    close: () => database.close(),
  }
}

/**
 * @param directory where the data lives; absent = in memory
 * @throws Error when the directory is in use or its schema cannot be brought up to date
 */
export const openPgliteDesk = async (options: { directory?: string }): Promise<DeskDatabase> => {
  const { directory } = options
  const { exchange, close } = await (directory === undefined
    ? startHere()
    : startPgliteThread(directory))
  // PGlite is one session, so there can be one client; who comes second waits.
  const pool = new pg.Pool({
    max: 1,
    idleTimeoutMillis: 0,
    user: 'postgres',
    database: 'postgres',
    stream: () => createWire(exchange),
  })
  const sql = drizzle({ client: pool, schema })
  const stop = async (): Promise<void> => {
    await pool.end()
    await close()
  }
  try {
    await migrate(sql)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    sql,
    async check() {
      await pool.query('select 1')
    },
    close: stop,
  }
}
