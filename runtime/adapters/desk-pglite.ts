// The desk's store without a server: PostgreSQL compiled to WebAssembly, in this process.
// PGlite does not fsync: what must survive power loss is in the log, and the desk replays it.
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import type { DeskDatabase } from '../../ticketing/store/database.ts'
import { migrate } from '../../ticketing/store/migrate.ts'
import * as schema from '../../ticketing/store/schema.ts'

/**
 * @param directory where the data lives; absent = in memory
 * @throws Error when the directory is in use or its schema cannot be brought up to date
 */
export const openPgliteDesk = async (options: { directory?: string }): Promise<DeskDatabase> => {
  const client = await PGlite.create(options.directory)
  const sql = drizzle({ client, schema })
  try {
    await migrate(sql)
  } catch (error) {
    await client.close()
    throw error
  }
  return {
    sql,
    async check() {
      await client.query('select 1')
    },
    close: () => client.close(),
  }
}
