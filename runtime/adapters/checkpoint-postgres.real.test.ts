// Checkpoints in a real PostgreSQL keep the CheckpointStore contract, over crashes and races.
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FencedError } from '../../domain/ports/checkpoints.ts'
import { POSTGRES_PROGRAMS, startPostgres, type TestPostgres } from '../../test/support/postgres.ts'
import { describeWith } from '../../test/support/real.ts'
import { openPostgresCheckpoints } from './checkpoint-postgres.ts'
import { describeCheckpoints } from './checkpoints.contract.ts'

const query = async (
  url: string,
  sql: string,
  parameters: unknown[] = [],
): Promise<pg.QueryResult> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(sql, parameters)
  } finally {
    await client.end()
  }
}

describeWith('PostgreSQL', POSTGRES_PROGRAMS, () => {
  let server: TestPostgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server?.stop())

  describeCheckpoints('checkpoints in PostgreSQL', async () => {
    const url = await server.createDatabase()
    return {
      open: () => openPostgresCheckpoints({ url }),
      damageNewest: async (name) => {
        await query(
          url,
          `update checkpoint_parts set bytes = set_byte(bytes, 0, 1 + get_byte(bytes, 0))
           where name = $1 and version = (select max(version) from checkpoint_parts where name = $1)`,
          [name],
        )
      },
      count: async (name) => {
        const sql = 'select count(*)::int as count from checkpoint_versions where name = $1'
        return (await query(url, sql, [name])).rows[0].count
      },
      dispose: async () => {},
    }
  })

  test('two processes that start together make the tables once', async () => {
    const url = await server.createDatabase()
    const stores = await Promise.all(
      Array.from({ length: 4 }, () => openPostgresCheckpoints({ url })),
    )
    for (const store of stores) await store.close()
  })

  test('a save that races with a successor is either before it or refused, never after', async () => {
    const url = await server.createDatabase()
    const old = await openPostgresCheckpoints({ url })
    const successor = await openPostgresCheckpoints({ url })
    for (let round = 0; round < 20; round++) {
      const name = `stage ${round}`
      const epoch = await old.acquire(name)
      const state = Buffer.alloc(100_000, round)
      const saving = old.save(name, epoch, { position: 1, savedAt: 1, state: [state] }).then(
        () => 'saved',
        (error) => error,
      )
      const next = await successor.acquire(name)
      const seen = await successor.load(name)
      const outcome = await saving
      if (outcome === 'saved') expect(seen?.position).toBe(1)
      else expect(outcome).toBeInstanceOf(FencedError)
      await successor.save(name, next, { position: 2, savedAt: 2, state: [state] })
      expect((await old.load(name))?.position).toBe(2)
    }
    await old.close()
    await successor.close()
  })

  test('what was saved is there after the server crashed, and the store goes on', async () => {
    const url = await server.createDatabase()
    const lost: Error[] = []
    const store = await openPostgresCheckpoints({ url, onError: (error) => lost.push(error) })
    const epoch = await store.acquire('stage')
    await store.save('stage', epoch, { position: 5, savedAt: 1, state: [Buffer.from('kept')] })
    await server.restart()
    await expect
      .poll(async () => (await store.load('stage').catch(() => undefined))?.position)
      .toBe(5)
    await store.save('stage', epoch, { position: 6, savedAt: 1, state: [Buffer.from('more')] })
    expect((await store.load('stage'))?.position).toBe(6)
    await store.close()
  })
})
