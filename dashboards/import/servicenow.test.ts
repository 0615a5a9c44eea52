// KPIs over a replayed ServiceNow log equal SQL over its raw rows: hand-written, and real where present.
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Facts } from '../../domain/ports/facts.ts'
import type { TicketRecord } from '../../domain/records.ts'
import { dropEverything, openTestFacts } from '../../runtime/adapters/facts-chdb.fixture.ts'
import { kpiFigures, kpiGroups } from '../kpis/query.ts'
import { kpiById } from '../kpis/registry.ts'
import { DEFAULT_FACT_SETTINGS } from '../settings.ts'
import { loadRecords } from '../testing/load.fixture.ts'
import { logOf } from '../testing/log.fixture.ts'
import { HAND_WRITTEN_LOG, loadRawLog, RAW_SQL } from '../testing/servicenow-log.fixture.ts'
import { readCsv } from './csv.ts'
import { loadImported, readImported } from './load.ts'
import { importServiceNowLog } from './servicenow.ts'

const SHARED =
  process.env.FAULTLINE_SHARED_DATA ??
  fileURLToPath(new URL('../../../shared/data', import.meta.url))
const REAL_LOG = join(SHARED, 'servicenow', 'incident_event_log.csv.gz')

const YEARS = { from: Date.UTC(2015, 0, 1), to: Date.UTC(2020, 0, 1) }

let facts: Facts
let directory: string
beforeAll(async () => {
  facts = await openTestFacts()
  directory = await mkdtemp(join(tmpdir(), 'faultline-servicenow-'))
})
afterAll(async () => {
  await facts.close()
  await rm(directory, { recursive: true, force: true })
})

type Figures = { count: number; values: Record<string, number | null> }

const rawFigures = async (id: string): Promise<Map<string, Figures>> => {
  const { where, values } = RAW_SQL[id]!
  const columns = Object.entries(values).map(([name, sql]) => `${sql} AS value_${name}`)
  const rows = await facts.query<{ key: string; count: number } & Record<string, number>>(
    `SELECT if(grouping(priority) = 1, '', priority) AS key, count() AS count, ${columns.join(', ')}
     FROM raw_incidents WHERE ${where} GROUP BY GROUPING SETS ((), (priority))`,
  )
  const named = (row: Record<string, number>) =>
    Object.fromEntries(Object.keys(values).map((name) => [name, row[`value_${name}`]!]))
  return new Map(rows.map((row) => [row.key, { count: row.count, values: named(row) }]))
}

/** Counts exactly, means to one in a million. */
const expectSame = async (): Promise<void> => {
  for (const id of Object.keys(RAW_SQL)) {
    const kpi = kpiById(id)!
    const right = await rawFigures(id)
    expect(right.size).toBeGreaterThan(3)
    const found = new Map<string, Figures>([['', await kpiFigures(facts, kpi, YEARS)]])
    for (const group of await kpiGroups(facts, kpi, YEARS, 'priority')) found.set(group.key, group)
    expect([...found.keys()].sort(), id).toEqual([...right.keys()].sort())
    for (const [key, { count, values }] of right) {
      expect(found.get(key)!.count, `${id} ${key}`).toBe(count)
      for (const [name, value] of Object.entries(values)) {
        const ours = found.get(key)!.values[name]!
        const within =
          Number.isInteger(value) && !name.startsWith('p') && name !== 'mean' ? 0 : 1e-6
        expect(Math.abs(ours - value!), `${id} ${key} ${name}`).toBeLessThanOrEqual(
          Math.abs(value! * within),
        )
      }
    }
  }
}

/** What was open at an instant, and how old it was. */
const expectSameBacklog = async (at: number): Promise<void> => {
  const age = `(${at / 1000} - toUnixTimestamp(opened))`
  const rows = await facts.query<{ key: string; count: number; age: number }>(
    `SELECT if(grouping(priority) = 1, '', priority) AS key, count() AS count, avg(${age}) AS age
     FROM raw_incidents
     WHERE opened < toDateTime(${at / 1000}) AND coalesce(resolved, closed) >= toDateTime(${at / 1000})
     GROUP BY GROUPING SETS ((), (priority))`,
  )
  const kpi = kpiById('open-incidents')!
  const range = { from: YEARS.from, to: at }
  const found = [
    { key: '', ...(await kpiFigures(facts, kpi, range)) },
    ...(await kpiGroups(facts, kpi, range, 'priority')),
  ]
  expect(rows.length).toBeGreaterThan(1)
  expect(found.map(({ key, count }) => [key, count]).sort()).toEqual(
    rows.map(({ key, count }) => [key, count]).sort(),
  )
  for (const { key, age: mean } of rows) {
    const ours = found.find((each) => each.key === key)!.values.mean_age_seconds!
    expect(Math.abs(ours - mean)).toBeLessThanOrEqual(mean * 1e-6)
  }
}

/** Every seventh record at the end, and every third one twice. */
const lateAndTwice = (records: readonly TicketRecord[]): TicketRecord[] => [
  ...records.filter((_, i) => i % 7 !== 0).reverse(),
  ...records.filter((_, i) => i % 7 === 0),
  ...records.filter((_, i) => i % 3 === 0),
]

const replay = async (records: readonly TicketRecord[]): Promise<void> => {
  await dropEverything(facts)
  await loadRecords(facts, [logOf('tickets', records)], { blockRowsMax: 10_000 })
}

/** As `faultline import` does it, once or in several goes. @returns rows written by each */
const importInGoes = async (goes: readonly (readonly Record<string, string>[])[]) => {
  await dropEverything(facts)
  const written: number[] = []
  for (const rows of goes) {
    const known = await readImported(facts, DEFAULT_FACT_SETTINGS)
    const { transitions } = importServiceNowLog(rows, known)
    written.push(await loadImported(facts, DEFAULT_FACT_SETTINGS, transitions, known))
  }
  return written
}

describe('a hand-written log with the traps of real ones', () => {
  const { transitions, unreadable } = importServiceNowLog(readCsv(HAND_WRITTEN_LOG))

  test('gives the same KPIs as its raw rows, also when records come late and twice', async () => {
    const path = join(directory, 'log.csv')
    await writeFile(path, HAND_WRITTEN_LOG)
    for (const records of [transitions, lateAndTwice(transitions)]) {
      await replay(records)
      await loadRawLog(facts, path)
      await expectSame()
      await expectSameBacklog(Date.UTC(2016, 2, 3, 12))
    }
  })

  test('no transition knows what its row repeats from the future', () => {
    for (const { at, toState, fields } of transitions) {
      expect(fields.resolvedAt === null || Number(fields.resolvedAt) <= at).toBe(true)
      if (!['resolved', 'closed'].includes(toState))
        expect([fields.resolvedAt, fields.closedAt, fields.resolutionSla]).toEqual([
          null,
          null,
          'running',
        ])
    }
    expect(unreadable).toBe(0)
  })

  test('a reopened incident is open in between, and its first resolution is the one of then', () => {
    const life = transitions.filter(({ ticketId }) => ticketId === 'INC2')
    expect(life.map(({ action, toState }) => `${action}: ${toState}`)).toEqual([
      'open: new',
      'start: in-progress',
      'resolve: resolved',
      'reopen: in-progress',
      'hold: on-hold',
      'resolve: resolved',
      'close: closed',
    ])
    expect(life[2]!.fields.resolvedAt).toBe(Date.UTC(2016, 2, 1, 9))
    expect(life[5]!.fields.resolvedAt).toBe(Date.UTC(2016, 2, 4, 10))
  })

  test('a state that is no word leaves the incident where it was', () => {
    const life = transitions.filter(({ ticketId }) => ticketId === 'INC4')
    expect(life.map(({ toState }) => toState)).toEqual([
      'new',
      'new',
      'in-progress',
      'in-progress',
      'resolved',
      'closed',
    ])
    expect(life[0]!.fields.team).toBe('Net, "core"')
  })

  test('a state that is no word on the last row is what its times say', () => {
    const rows = [...readCsv(HAND_WRITTEN_LOG)].map((row) => {
      const over = ['Resolved', 'Closed'].includes(row.incident_state!)
      return row.number === 'INC1' && over ? { ...row, incident_state: '-100' } : row
    })
    const life = importServiceNowLog(rows).transitions.filter(({ ticketId }) => ticketId === 'INC1')
    expect(life.map(({ toState }) => toState)).toEqual(['new', 'in-progress', 'resolved', 'closed'])
    expect(life.at(-1)!.fields).toMatchObject({
      resolvedAt: Date.UTC(2016, 2, 1, 12, 30),
      resolutionSla: 'met',
    })
  })

  test('rows in any order and more than once give the same transitions', () => {
    const rows = [...readCsv(HAND_WRITTEN_LOG)]
    expect(importServiceNowLog([...rows, ...rows].reverse()).transitions).toEqual(transitions)
  })

  test('rows that come with a later import are put in their place among the earlier ones', async () => {
    const path = join(directory, 'log.csv')
    await writeFile(path, HAND_WRITTEN_LOG)
    const rows = [...readCsv(HAND_WRITTEN_LOG)]
    for (let nth = 0; nth < 3; nth++) {
      const late = rows.filter((_, i) => i % 3 === nth)
      const [, , again] = await importInGoes([rows.filter((_, i) => i % 3 !== nth), late, rows])
      expect(again).toBe(0)
      await loadRawLog(facts, path)
      await expectSame()
    }
  })

  test('imported history outlives the retention of what the log gives', async () => {
    const rows = [...readCsv(HAND_WRITTEN_LOG)]
    expect(DEFAULT_FACT_SETTINGS.retentionDays.tickets).toBeGreaterThan(0)
    await importInGoes([rows])
    await facts.command('OPTIMIZE TABLE transitions FINAL')
    expect(await readImported(facts, DEFAULT_FACT_SETTINGS)).toHaveLength(rows.length)
  })

  test('a row without number or time is counted, not guessed', () => {
    const row = { number: 'INC9', incident_state: 'New', sys_updated_at: '30/2/2016 10:00' }
    expect(importServiceNowLog([row, { ...row, number: '?' }])).toEqual({
      transitions: [],
      unreadable: 2,
    })
  })
})

describe('CSV', () => {
  test.each([
    ['a,b\n1,2\n', [{ a: '1', b: '2' }]],
    ['a,b\r\n"x, ""y""","line\nend"', [{ a: 'x, "y"', b: 'line\nend' }]],
    [
      'a,b\n,\n\n1',
      [
        { a: '', b: '' },
        { a: '1', b: '' },
      ],
    ],
    ['', []],
  ])('%j', (text, expected) => {
    expect([...readCsv(text)]).toEqual(expected)
  })

  test('a quote out of place is an error', () => {
    expect(() => [...readCsv('a\n1"2')]).toThrow(SyntaxError)
  })
})

describe.skipIf(!existsSync(REAL_LOG))(
  'the real log (UCI 498, 13,302 incidents, where present)',
  () => {
    test('gives the same KPIs as its raw rows, also when records come late and twice', async () => {
      const text = gunzipSync(readFileSync(REAL_LOG)).toString('utf8')
      const { transitions, unreadable } = importServiceNowLog(readCsv(text))
      expect(unreadable).toBe(0)
      for (const records of [transitions, lateAndTwice(transitions)]) {
        await replay(records)
        await loadRawLog(facts, REAL_LOG)
        await expectSame()
        await expectSameBacklog(Date.UTC(2016, 4, 15))
      }
    }, 300_000)
  },
)
