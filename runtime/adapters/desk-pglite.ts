// The desk's store without a server: PostgreSQL compiled to WebAssembly, in a thread of its own.
// PGlite does not fsync: what must survive power loss is in the log, and the desk replays it.
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { MINUTE_MS } from '../../domain/time.ts'
import type { DeskDatabase } from '../../ticketing/store/database.ts'
import { migrate } from '../../ticketing/store/migrate.ts'
import * as schema from '../../ticketing/store/schema.ts'
import { every } from '../roles/every.ts'
import { type PgliteThread, startPgliteThread } from './pglite-thread.ts'
import { keepUp } from './pglite-upkeep.ts'
import { createWire } from './pglite-wire.ts'

const UPKEEP_EVERY_MS = MINUTE_MS

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
 * @param onError told where the upkeep failed; it is tried again
 * @throws Error when the directory is in use or its schema cannot be brought up to date
 */
export const openPgliteDesk = async (options: {
  directory?: string
  onError?(error: Error): void
}): Promise<DeskDatabase> => {
  const { directory, onError = () => {} } = options
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
  // The one client is free only between transactions, so the upkeep never comes into one.
  const upkeep = every(UPKEEP_EVERY_MS, async () => void (await keepUp(pool)), onError)
  const stop = async (): Promise<void> => {
    await upkeep.stop()
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
