// The ClickHouse adapter over real HTTP; the engine behind the front is chDB (no server runs here).
import { afterAll, describe, expect, test } from 'vitest'
import { factsContract } from './facts.contract.ts'
import { openClickHouseFacts } from './facts-clickhouse.ts'
import { startHttpFront } from './facts-http-front.fixture.ts'

const front = await startHttpFront()
const open = async () => openClickHouseFacts({ url: front.url, database: 'default' })
afterAll(() => front.close())

factsContract('the HTTP client', open)

describe('an answer that never comes', () => {
  const ddl = `CREATE TABLE IF NOT EXISTS unsure (id UInt64) ENGINE = MergeTree ORDER BY id
    SETTINGS non_replicated_deduplication_window = 100`

  test('an insert with unknown outcome, retried by its token, is there once', async () => {
    const facts = await open()
    await facts.command(ddl)
    front.behave('lose-answer')
    await expect(facts.insert('unsure', [{ id: 1 }], 'block-1')).rejects.toThrow()
    front.behave('answer')
    expect(await facts.query('SELECT count() AS n FROM unsure')).toEqual([{ n: 1 }])
    await facts.insert('unsure', [{ id: 1 }], 'block-1')
    expect(await facts.query('SELECT count() AS n FROM unsure')).toEqual([{ n: 1 }])
    await facts.close()
  })

  test('a server that is away makes check and insert reject, and both work when it is back', async () => {
    const facts = await open()
    await facts.command(ddl)
    front.behave('refuse')
    await expect(facts.insert('unsure', [{ id: 2 }], 'block-2')).rejects.toThrow()
    await expect(facts.check()).rejects.toThrow()
    front.behave('answer')
    await facts.check()
    await facts.insert('unsure', [{ id: 2 }], 'block-2')
    expect(await facts.query('SELECT count() AS n FROM unsure WHERE id = 2')).toEqual([{ n: 1 }])
    await facts.close()
  })
})
