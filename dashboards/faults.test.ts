// The faults that facts must bear, through the production adapter's real HTTP client.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Facts } from '../domain/ports/facts.ts'
import { HOUR_MS, SECOND_MS } from '../domain/time.ts'
import { openClickHouseFacts } from '../runtime/adapters/facts-clickhouse.ts'
import { type HttpFront, startHttpFront } from '../runtime/adapters/facts-http-front.fixture.ts'
import { createFactLoader } from './loader.ts'
import { migrateFacts } from './schema.ts'
import { DEFAULT_FACT_SETTINGS, type FactSettings } from './settings.ts'
import { buildEstate } from './testing/estate.fixture.ts'
import { estateLog } from './testing/estate-log.fixture.ts'

const SETTINGS: FactSettings = {
  ...DEFAULT_FACT_SETTINGS,
  blockRowsMax: 50,
  retentionDays: { events: 0, alerts: 0, tickets: 0 },
}

let front: HttpFront
let facts: Facts
beforeAll(async () => {
  front = await startHttpFront()
  facts = openClickHouseFacts({ url: front.url, database: 'default' })
  await migrateFacts(facts, SETTINGS)
  await facts.command('SYSTEM STOP MERGES')
})
afterAll(async () => {
  await facts.close()
  await front.close()
})

const [eventsLog] = estateLog(buildEstate())
const eventCount = buildEstate().batches.reduce((sum, { events }) => sum + events.length, 0)

const countRows = async (): Promise<number> => {
  const [row] = await facts.query<{ n: number }>('SELECT count() AS n FROM events')
  return row!.n
}

describe('fault 33: ClickHouse is away for an hour, slow, or answers "unknown"', () => {
  test('loading waits with growing pauses, repeats under the same name, and the counts are equal', async () => {
    let now = 0
    const pauses: number[] = []
    const failures: string[] = []
    const outage = { from: 5 * SECOND_MS, to: HOUR_MS }
    const loader = createFactLoader({
      facts,
      settings: SETTINGS,
      clock: { now: () => now },
      // Time passes only here: away for an hour, then three answers are lost, then all is well.
      pause: async (ms) => {
        now += ms
        pauses.push(ms)
        if (now > outage.to) front.behave(pauses.length % 4 === 0 ? 'answer' : 'lose-answer')
      },
      metrics: {
        inserted() {},
        failed: (error) => failures.push(error.message),
        refused(table, error) {
          throw new Error(`${table}: ${error.message}`)
        },
        poisonRecord() {},
      },
    })
    await loader.start('events', 0)
    await loader.load(eventsLog!.slice(0, 30))
    const before = await countRows()
    front.behave('refuse')
    await loader.load(eventsLog!.slice(30))
    await loader.close()

    expect(before).toBeGreaterThan(0)
    expect(now).toBeGreaterThan(outage.to)
    expect(Math.max(...pauses)).toBe(SETTINGS.retryMaxMs)
    expect(pauses.slice(0, 3)).toEqual([200, 400, 800])
    expect(failures.length).toBe(pauses.length)
    expect(await countRows()).toBe(eventCount)
  })
})

describe('fault 36: an older and a newer version write side by side', () => {
  test('a newer writer fills an older table, an older writer a newer one', async () => {
    const position = { log_partition: 9, log_offset: 0, log_index: 0 }
    const row = { ...position, id: 'newer', at: 0, reason: 'x', not_yet_known: { deep: [1] } }
    await facts.insert('dead_letters', [row], 'newer')
    await facts.insert('dead_letters', [{ ...position, id: 'older', at: 0 }], 'older')
    expect(await facts.query('SELECT id, reason FROM dead_letters ORDER BY id')).toEqual([
      { id: 'newer', reason: 'x' },
      { id: 'older', reason: '' },
    ])
  })
})
