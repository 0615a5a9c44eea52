// The Facts contract on the embedded engine, directly and behind ClickHouse's HTTP protocol.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { factsContract } from './facts.contract.ts'
import { openChdbFacts } from './facts-chdb.ts'

const directory = await mkdtemp(join(tmpdir(), 'faultline-facts-'))
afterAll(() => rm(directory, { recursive: true, force: true }))

factsContract('chDB', () => openChdbFacts({ directory }))

describe('chDB as a place to keep facts', () => {
  test('what was inserted is there after closing and opening again', async () => {
    const first = await openChdbFacts({ directory })
    await first.command('CREATE TABLE kept (id UInt64) ENGINE = MergeTree ORDER BY id')
    await first.insert('kept', [{ id: 7 }], 'only')
    await first.close()
    const second = await openChdbFacts({ directory })
    expect(await second.query('SELECT id FROM kept')).toEqual([{ id: 7 }])
    await second.close()
    await expect(second.check()).rejects.toThrow()
  })

  test('a retry after reopening is still known by its token', async () => {
    const ddl = `CREATE TABLE IF NOT EXISTS retried (id UInt64) ENGINE = MergeTree ORDER BY id
      SETTINGS non_replicated_deduplication_window = 100`
    for (let attempt = 0; attempt < 2; attempt++) {
      const facts = await openChdbFacts({ directory })
      await facts.command(ddl)
      await facts.insert('retried', [{ id: 1 }], 'block-1')
      expect(await facts.query('SELECT count() AS n FROM retried')).toEqual([{ n: 1 }])
      await facts.close()
    }
  })
})
