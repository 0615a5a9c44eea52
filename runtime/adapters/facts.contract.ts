// What every Facts adapter must do; run by each adapter's test.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Facts } from '../../domain/ports/facts.ts'

const TABLE = 'contract_rows'

const DDL = `CREATE TABLE IF NOT EXISTS ${TABLE} (
  id UInt64, at DateTime64(3, 'UTC'), text String, score Nullable(Float64),
  labels Map(LowCardinality(String), String)
) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100`

const row = (id: number, text = `row ${id}`) => ({
  id,
  at: 1_700_000_000_000 + id,
  text,
  score: id / 4,
  labels: { host: `h${id}` },
})

export const factsContract = (name: string, open: () => Promise<Facts>): void => {
  describe(`the Facts contract on ${name}`, () => {
    let facts: Facts
    const count = async (): Promise<number> => {
      const [answer] = await facts.query<{ n: number }>(`SELECT count() AS n FROM ${TABLE}`)
      return answer!.n
    }

    beforeAll(async () => {
      facts = await open()
      await facts.command(`DROP TABLE IF EXISTS ${TABLE}`)
      await facts.command(DDL)
    })
    afterAll(async () => {
      await facts.command(`DROP TABLE IF EXISTS ${TABLE}`)
      await facts.close()
    })

    test('rows come back as they went in, times as milliseconds, text whatever it holds', async () => {
      const text = `it's a "quoted" \\ back\nline\ttab \u0000 ünïcode 🚨 ; DROP TABLE x`
      await facts.insert(TABLE, [row(1, text), { ...row(2), score: null, labels: {} }], 'first')
      const rows = await facts.query(
        `SELECT id, toUnixTimestamp64Milli(at) AS at, text, score, labels FROM ${TABLE} ORDER BY id`,
      )
      expect(rows).toEqual([row(1, text), { ...row(2), score: null, labels: {} }])
    })

    test('the same token again inserts nothing; another token does', async () => {
      const before = await count()
      await facts.insert(TABLE, [row(10), row(11)], 'block-a')
      await facts.insert(TABLE, [row(10), row(11)], 'block-a')
      expect(await count()).toBe(before + 2)
      await facts.insert(TABLE, [row(10), row(11)], 'block-b')
      expect(await count()).toBe(before + 4)
    })

    test('a token belongs to its insert alone, also when inserts run side by side', async () => {
      const before = await count()
      await Promise.all([
        facts.insert(TABLE, [row(20)], "tok'en"),
        facts.insert(TABLE, [row(21)], 'token\\'),
        facts.insert(TABLE, [row(22)], 'token-3'),
      ])
      expect(await count()).toBe(before + 3)
    })

    test('no rows are no insert', async () => {
      const before = await count()
      await facts.insert(TABLE, [], 'empty')
      expect(await count()).toBe(before)
    })

    test('one bad row refuses the whole block, and the token is still free', async () => {
      const before = await count()
      const bad = { ...row(31), id: 'not a number' }
      await expect(facts.insert(TABLE, [row(30), bad], 'mixed')).rejects.toThrow()
      expect(await count()).toBe(before)
      await facts.insert(TABLE, [row(30), row(31)], 'mixed')
      expect(await count()).toBe(before + 2)
    })

    test('ten thousand rows are one block', async () => {
      const before = await count()
      const rows = Array.from({ length: 10_000 }, (_, i) => row(1_000 + i))
      await facts.insert(TABLE, rows, 'large')
      await facts.insert(TABLE, rows, 'large')
      expect(await count()).toBe(before + 10_000)
    })

    test('parameters are bound, never pasted', async () => {
      const text = "x' OR 1=1 --"
      const rows = await facts.query(
        'SELECT {text:String} AS text, {list:Array(String)} AS list, {at:Int64} AS at',
        { text, list: ['a', "b'"], at: 1_700_000_000_123 },
      )
      expect(rows).toEqual([{ text, list: ['a', "b'"], at: 1_700_000_000_123 }])
    })

    test('integers are numbers, and an empty mean is null', async () => {
      const rows = await facts.query(
        `SELECT count() AS n, avg(score) AS mean FROM ${TABLE} WHERE 0`,
      )
      expect(rows).toEqual([{ n: 0, mean: null }])
    })

    test('a wrong statement rejects and harms nothing after it', async () => {
      await expect(facts.query('SELECT nonsense FROM nowhere')).rejects.toThrow()
      await expect(facts.insert('no; such', [row(1)], 't')).rejects.toThrow('not a table name')
      await facts.check()
    })
  })
}
