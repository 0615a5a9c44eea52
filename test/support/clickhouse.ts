// ClickHouse over HTTP for a test: the engine is chDB, since no server can be had as a package.
import { join } from 'node:path'
import { Session } from 'chdb'
import { startHttpFront } from '../../runtime/adapters/facts-http-front.fixture.ts'
import { removeDirectory, scratchDirectory } from './processes.ts'

export interface TestClickHouse {
  readonly url: string
  close(): Promise<void>
}

/** Its database is `default`. */
export const startTestClickHouse = async (): Promise<TestClickHouse> => {
  const directory = scratchDirectory('clickhouse')
  const session = new Session(join(directory, 'data'))
  const front = await startHttpFront(async (sql, format) =>
    (await session.queryAsync(sql, { format })).bytes(),
  )
  return {
    url: front.url,
    close: async () => {
      await front.close()
      session.close()
      removeDirectory(directory)
    },
  }
}
