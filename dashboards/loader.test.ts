// Loading facts: nothing lost, nothing doubled, whatever fails and whenever.
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AlertEvent } from '../domain/event.ts'
import type { Facts } from '../domain/ports/facts.ts'
import type { LogRecord } from '../domain/ports/log.ts'
import type { EventsBatch, TopicRecord } from '../domain/records.ts'
import { DAY_MS } from '../domain/time.ts'
import { dropEverything, openTestFacts, rowCount } from '../runtime/adapters/facts-chdb.fixture.ts'
import { createFactLoader, type FactLoader } from './loader.ts'
import { migrateFacts } from './schema.ts'
import { DEFAULT_FACT_SETTINGS, type FactSettings } from './settings.ts'
import { FACT_TABLE_NAMES } from './tables.ts'
import { logOf } from './testing/log.fixture.ts'

/** The engine's own clock decides what has expired: here nothing does. */
const SETTINGS: FactSettings = {
  ...DEFAULT_FACT_SETTINGS,
  retentionDays: { events: 0, alerts: 0, tickets: 0 },
}

const START = Date.UTC(2026, 2, 1, 12)

const event = (id: string): AlertEvent => ({
  id,
  fingerprint: `fp-${id}`,
  status: 'firing',
  name: 'DiskFull',
  severity: 'warning',
  summary: `disk ${id} is full`,
  labels: { service: 'shop' },
  startsAt: START,
})

const batch = (number: number, events: number, receivedAt = START + number * 1_000) => ({
  kind: 'events' as const,
  receivedAt,
  source: 'alertmanager',
  scope: 'default',
  deliveryId: `d${number}`,
  events: Array.from({ length: events }, (_, i) => event(`${number}-${i}`)),
})

type Fault = 'answer' | 'fail-before' | 'fail-after'

/** The real engine, whose n-th insert fails before or after it took effect. */
const faulty = (facts: Facts, faults: Fault[]): Facts => ({
  ...facts,
  async insert(table, rows, token) {
    const fault = faults.shift() ?? 'answer'
    if (fault === 'fail-before') throw new Error('connection refused')
    await facts.insert(table, rows, token)
    if (fault === 'fail-after') throw new Error('socket hang up')
  },
})

describe('loading facts', () => {
  let facts: Facts
  let now = START
  const counted = { failed: 0, poison: 0, inserts: 0, refused: 0 }

  const loaderOn = (through: Facts, settings: Partial<FactSettings> = {}): FactLoader =>
    createFactLoader({
      // The tables are there: migrating them at each start would take most of the time.
      facts: { ...through, command: async () => {} },
      settings: { ...SETTINGS, ...settings },
      clock: { now: () => now },
      pause: async () => {},
      metrics: {
        inserted: () => counted.inserts++,
        failed: () => counted.failed++,
        refused: () => counted.refused++,
        poisonRecord: () => counted.poison++,
      },
    })

  /** Reads from where the loader says, in batches, as a subscription does. */
  const read = async (loader: FactLoader, log: readonly LogRecord[], batchMax = 3) => {
    const { topic, partition } = log[0]!
    const from = await loader.start(topic, partition)
    for (let at = from; at < log.length; at += batchMax)
      await loader.load(log.slice(at, at + batchMax))
    return from
  }

  const emptyTables = async () => {
    await dropEverything(facts)
    await migrateFacts(facts, SETTINGS)
    // A merge would hide rows that came twice.
    await facts.command('SYSTEM STOP MERGES')
  }

  beforeAll(async () => {
    facts = await openTestFacts()
  })
  afterAll(() => facts.close())
  beforeEach(async () => {
    await emptyTables()
    Object.assign(counted, { failed: 0, poison: 0, inserts: 0, refused: 0 })
    now = START
  })

  test('every event of every record is one row, with its place in the log', async () => {
    const loader = loaderOn(facts)
    await read(loader, logOf('events', [batch(0, 2), { kind: 'tick', at: START }, batch(2, 1)]))
    await loader.close()
    const rows = await facts.query(
      'SELECT log_offset, log_index, event_id, service FROM events ORDER BY log_offset, log_index',
    )
    expect(rows).toEqual([
      { log_offset: 0, log_index: 0, event_id: '0-0', service: 'shop' },
      { log_offset: 0, log_index: 1, event_id: '0-1', service: 'shop' },
      { log_offset: 2, log_index: 0, event_id: '2-0', service: 'shop' },
    ])
  })

  test('a replay from the beginning adds no rows, however often', async () => {
    const log = logOf('events', [batch(0, 5), batch(1, 3), batch(2, 4)])
    for (let run = 0; run < 3; run++) {
      const loader = loaderOn(facts)
      await facts.command('TRUNCATE TABLE loads')
      expect(await read(loader, log)).toBe(0)
      await loader.close()
      expect(await rowCount(facts, 'events')).toBe(12)
    }
  })

  test('a clean restart begins after the last record, also after records without rows', async () => {
    const log = logOf('events', [batch(0, 1), { kind: 'tick', at: START + 1 }])
    const first = loaderOn(facts)
    await read(first, log)
    await first.close()
    expect(await loaderOn(facts).start('events', 0)).toBe(2)
  })

  test('a crash in the middle of a record loses and doubles none of its rows', async () => {
    const log = logOf('events', [batch(0, 25)])
    const crashing = loaderOn(facts, { blockRowsMax: 10 })
    await read(crashing, log)
    expect(await rowCount(facts, 'events')).toBe(20)
    const next = loaderOn(facts, { blockRowsMax: 7 })
    expect(await read(next, log)).toBe(0)
    await next.close()
    expect(await rowCount(facts, 'events')).toBe(25)
  })

  test('an insert with unknown outcome is repeated under its token and counted once', async () => {
    const loader = loaderOn(faulty(facts, ['fail-after', 'fail-after', 'answer']))
    await read(loader, logOf('events', [batch(0, 10)]))
    now += 60_000
    await loader.flush(now)
    expect(counted.failed).toBe(2)
    expect(await rowCount(facts, 'events')).toBe(10)
    await loader.close()
  })

  test('while the engine is away loading waits, and the tables are made when it is back', async () => {
    await dropEverything(facts)
    let away = true
    const pauses: number[] = []
    const through: Facts = {
      ...facts,
      command: async (sql) => (away ? Promise.reject(new Error('away')) : facts.command(sql)),
    }
    const loader = createFactLoader({
      facts: through,
      settings: { ...SETTINGS, retryMinMs: 100, retryMaxMs: 350 },
      clock: { now: () => now },
      pause: async (ms) => {
        pauses.push(ms)
        if (pauses.length === 4) away = false
      },
      metrics: { inserted() {}, failed() {}, refused() {}, poisonRecord() {} },
    })
    expect(await loader.start('events', 0)).toBe(0)
    expect(pauses).toEqual([100, 200, 350, 350])
    await loader.close()
  })

  test('a closed loader lets waiting calls return, and what was not loaded is loaded next time', async () => {
    const log = logOf('events', [batch(0, 4), batch(1, 4)])
    const dead: Facts = { ...facts, insert: () => Promise.reject(new Error('away')) }
    const loader = createFactLoader({
      facts: dead,
      settings: { ...SETTINGS, blockRowsMax: 2 },
      clock: { now: () => now },
      pause: () => new Promise(() => {}),
      metrics: { inserted() {}, failed() {}, refused() {}, poisonRecord() {} },
    })
    const waiting = read(loader, log)
    await loader.start('events', 1).catch(() => {})
    await loader.close()
    await waiting
    const next = loaderOn(facts)
    expect(await read(next, log)).toBe(0)
    await next.close()
    expect(await rowCount(facts, 'events')).toBe(8)
  })

  test('a block is sent when it is full or old, not before', async () => {
    const loader = loaderOn(facts, { blockRowsMax: 5, blockAgeMaxMs: 1_000 })
    await read(loader, logOf('events', [batch(0, 4)]))
    await loader.flush(now + 999)
    expect(await rowCount(facts, 'events')).toBe(0)
    await loader.flush(now + 1_000)
    expect(await rowCount(facts, 'events')).toBe(4)
    await loader.close()
  })

  test('rows of two days never share an insert', async () => {
    const midnight = Date.UTC(2026, 2, 2)
    const loader = loaderOn(facts)
    const times = [midnight - 2, midnight - 1, midnight, midnight - 1, midnight + 1]
    await read(
      loader,
      logOf(
        'events',
        times.map((at, i) => batch(i, 1, at)),
      ),
    )
    await loader.close()
    expect(counted.inserts).toBe(4)
    expect(await rowCount(facts, 'events')).toBe(5)
  })

  test('a poison record is counted and passed over', async () => {
    const log = logOf('events', [batch(0, 1), batch(1, 1)])
    const poisoned = [{ ...log[0]!, value: new Uint8Array([0xff, 0x7b]) }, log[1]!]
    const loader = loaderOn(facts)
    await read(loader, poisoned)
    await loader.close()
    expect(counted.poison).toBe(1)
    expect(await rowCount(facts, 'events')).toBe(1)
  })

  test('a row that the engine refuses is left out alone, its neighbours go in', async () => {
    const bad = { ...batch(1, 1), receivedAt: START, source: 'x' } as EventsBatch
    const broken = { ...bad, events: [{ ...event('bad'), flags: 'none' as never }] }
    const loader = loaderOn(facts)
    await read(loader, logOf('events', [batch(0, 3), broken, batch(2, 3)]))
    await loader.close()
    expect(counted.refused).toBe(1)
    expect(await rowCount(facts, 'events')).toBe(6)
  })

  test('the newest version of an alert holds, in whatever order and however often they come', async () => {
    const alert = (version: number) => ({
      kind: 'alert' as const,
      alert: {
        id: 'a1',
        version,
        fingerprint: 'f1',
        scope: 'default',
        source: 'zabbix',
        name: 'CpuHigh',
        severity: 'error' as const,
        summary: 'cpu',
        labels: { host: 'h1' },
        status: 'firing' as const,
        startsAt: START,
        firstSeen: START,
        lastSeen: START + version,
        occurrences: version - 1,
        flapping: false,
        evidence: [],
      },
    })
    const records: TopicRecord['incidents'][] = [1, 3, 2].map((version) => ({
      at: START,
      cause: version,
      outputs: [alert(version)],
    }))
    for (const blockRowsMax of [1, 100]) {
      const loader = loaderOn(facts, { blockRowsMax })
      await read(loader, logOf('incidents', records, blockRowsMax), 1)
      await loader.close()
    }
    const rows = await facts.query('SELECT version, occurrences, labels FROM alert_states')
    expect(rows).toEqual([{ version: 3, occurrences: 2, labels: { host: 'h1' } }])
  })

  test('any run of failures, crashes and restarts ends with each row once', async () => {
    const fault = fc.constantFrom<Fault>('answer', 'answer', 'fail-before', 'fail-after')
    const life = fc.record({
      faults: fc.array(fault, { maxLength: 6 }),
      records: fc.integer({ min: 0, max: 8 }),
      blockRowsMax: fc.integer({ min: 1, max: 12 }),
      flushes: fc.boolean(),
    })
    const records = Array.from({ length: 8 }, (_, i) =>
      batch(i, (i * 5) % 7, START + i * (DAY_MS / 3)),
    )
    const total = records.reduce((sum, { events }) => sum + events.length, 0)
    // A partition of its own for each run: positions and names are apart.
    let partition = 0
    await fc.assert(
      fc.asyncProperty(fc.array(life, { maxLength: 4 }), async (lives) => {
        partition += 1
        const log = logOf('events', records, partition)
        for (const { faults, records: most, blockRowsMax, flushes } of lives) {
          const loader = loaderOn(faulty(facts, faults), { blockRowsMax })
          const from = await loader.start('events', partition)
          for (const record of log.slice(from, from + most)) await loader.load([record])
          now += 60_000
          if (flushes) await loader.flush(now)
          // No close: the process is gone.
        }
        const last = loaderOn(facts)
        await read(last, log)
        await last.close()
        expect(await rowCount(facts, `events WHERE log_partition = ${partition}`)).toBe(total)
      }),
      { numRuns: 25, seed: 7 },
    )
  })
})

describe('the schema', () => {
  let facts: Facts
  beforeAll(async () => {
    facts = await openTestFacts()
  })
  afterAll(() => facts.close())

  test('migrating again changes nothing, and retention follows the settings', async () => {
    await migrateFacts(facts, DEFAULT_FACT_SETTINGS)
    const definitions = () =>
      facts.query<{ name: string; create_table_query: string }>(
        `SELECT name, create_table_query FROM system.tables
         WHERE database = currentDatabase() AND engine != 'View' ORDER BY name`,
      )
    const before = await definitions()
    expect(before.map(({ name }) => name)).toEqual([...FACT_TABLE_NAMES, 'loads'].sort())
    await migrateFacts(facts, DEFAULT_FACT_SETTINGS)
    expect(await definitions()).toEqual(before)

    const retentionDays = { events: 7, alerts: 0, tickets: 30 }
    await migrateFacts(facts, { ...DEFAULT_FACT_SETTINGS, retentionDays })
    const after = Object.fromEntries(
      (await definitions()).map(({ name, create_table_query: sql }) => [name, sql]),
    )
    expect(after.events).toContain('TTL toDateTime(received_at) + toIntervalDay(7)')
    expect(after.alerts).not.toContain('TTL')
    expect(after.problems).toContain('TTL toDateTime(last_at) + toIntervalDay(30)')
    await migrateFacts(facts, DEFAULT_FACT_SETTINGS)
    expect(await definitions()).toEqual(before)
  })

  test('a column that an older version did not have is added in place', async () => {
    await facts.command('ALTER TABLE dead_letters DROP COLUMN detail')
    await migrateFacts(facts, DEFAULT_FACT_SETTINGS)
    expect(await facts.query('SELECT detail FROM dead_letters')).toEqual([])
  })

  test('a derived column is right for rows of a version that did not have it', async () => {
    await facts.command('ALTER TABLE transitions DROP COLUMN field_reopens')
    const ticket = { ticket_kind: 'incident', ticket_id: 'old', id: 'old@1', at: Date.now() }
    await facts.insert('transitions', [{ ...ticket, fields: { reopenCount: '2' } }], 'old')
    await migrateFacts(facts, DEFAULT_FACT_SETTINGS)
    const read = () => facts.query("SELECT reopens FROM incident_tickets WHERE ticket_id = 'old'")
    expect(await read()).toEqual([{ reopens: 2 }])
    await facts.command('OPTIMIZE TABLE transitions FINAL')
    expect(await read()).toEqual([{ reopens: 2 }])
  })

  test('rows beyond their retention are gone after a merge', async () => {
    const row = { log_partition: 0, id: 'old', at: START - 10_000 * DAY_MS, reason: 'x' }
    await facts.insert('dead_letters', [row, { ...row, id: 'new', at: Date.now() }], 'ttl')
    await facts.command('OPTIMIZE TABLE dead_letters FINAL')
    expect(await facts.query('SELECT id FROM dead_letters')).toEqual([{ id: 'new' }])
  })
})
