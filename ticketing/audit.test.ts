// The audit chain: whatever is done to it shows.

import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openPgliteDesk } from '../runtime/adapters/desk-pglite.ts'
import { type AuditEntry, appendAudit, verifyAudit } from './audit.ts'
import { auditQueries, type ChainEnd } from './audit-queries.ts'
import type { DeskDatabase } from './store/database.ts'
import { type AuditRow, audit, counters } from './store/schema.ts'
import { START } from './testing/records.ts'

let database: DeskDatabase
let rows: AuditRow[]
const ENTRIES = 8

beforeAll(async () => {
  database = await openPgliteDesk({})
  let sequence = 0
  for (let from = 0; from < ENTRIES; from += 4)
    await appendAudit(
      database.sql,
      Array.from({ length: 4 }, (_, index) => ({
        commandId: `c${from + index}`,
        at: START + index,
        actor: 'ada',
        action: 'incident.notes',
        target: 'i1',
        outcome: 'applied',
        before: { n: index },
        after: { n: index + 1 },
      })),
      () => ++sequence,
    )
  rows = await database.sql.select().from(audit).orderBy(audit.sequence)
})
afterAll(() => database.close())

const index = fc.integer({ min: 0, max: ENTRIES - 1 })

describe('the audit chain', () => {
  test('as written, holds over several appends and in pieces', () => {
    expect(verifyAudit(rows)).toMatchObject({ sequence: ENTRIES })
    const first = verifyAudit(rows.slice(0, 3))
    if ('detail' in first) throw new Error(first.detail)
    expect(verifyAudit(rows.slice(3), first)).toMatchObject({ sequence: ENTRIES })
  })

  test('an entry changed shows at that entry', () => {
    fc.assert(
      fc.property(
        index,
        fc.constantFrom('actor', 'target', 'action', 'entry', 'hash'),
        (at, column) => {
          const tampered = rows.map((row, each) =>
            each === at ? { ...row, [column]: `${row[column as 'actor']} ` } : row,
          )
          expect(verifyAudit(tampered)).toMatchObject({
            sequence: at + 1,
            detail: expect.any(String),
          })
        },
      ),
    )
  })

  test('an entry left out or two swapped shows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: ENTRIES - 2 }), (at) => {
        const without = rows.filter((_, each) => each !== at)
        expect(verifyAudit(without)).toHaveProperty('detail')
        const swapped = [...rows]
        swapped.splice(at, 2, rows[at + 1]!, rows[at]!)
        expect(verifyAudit(swapped)).toHaveProperty('detail')
      }),
    )
  })
})

describe('the audit log in its store', () => {
  /** As somebody would who has the database: the trigger that refuses changes is put aside. */
  const tamper =
    (...statements: string[]) =>
    async () => {
      for (const each of [DISARM, ...statements]) await database.sql.execute(sql.raw(each))
    }
  const DISARM = 'alter table audit disable trigger all'
  const SWAP = [
    'update audit set sequence = 100 where sequence = 4',
    'update audit set sequence = 4 where sequence = 5',
    'update audit set sequence = 5 where sequence = 100',
  ]

  beforeEach(async () => {
    await tamper('truncate audit', 'truncate counters')()
    await database.sql.insert(audit).values(rows)
    await database.sql.insert(counters).values({ name: 'audit', value: ENTRIES })
  })
  const verify = (noted?: ChainEnd) => auditQueries(database.sql).verifyAuditChain(noted)

  test('untouched, is whole and says where it ends', async () => {
    expect(await verify()).toEqual({
      entries: ENTRIES,
      end: { sequence: ENTRIES, hash: rows.at(-1)!.hash },
    })
  })

  test.each([
    ['an actor changed', 4, tamper("update audit set actor = 'eve' where sequence = 4")],
    [
      'an entry changed',
      4,
      tamper(`update audit set entry = replace(entry, 'ada', 'eve') where sequence = 4`),
    ],
    ['an entry removed', 5, tamper('delete from audit where sequence = 4')],
    ['the first removed', 2, tamper('delete from audit where sequence = 1')],
    ['the last removed', ENTRIES, tamper(`delete from audit where sequence = ${ENTRIES}`)],
    ['the last three removed', 6, tamper('delete from audit where sequence >= 6')],
    ['two in another order', 4, tamper(...SWAP)],
    ['all removed', 1, tamper('delete from audit')],
  ])('%s shows, and at entry %d', async (_what, sequence, tampering) => {
    await tampering()
    expect((await verify()).broken).toMatchObject({ sequence, detail: expect.any(String) })
  })

  test('written anew from the middle with hashes that fit, shows by what was noted', async () => {
    const end = (await verify()).end
    const forged: AuditRow[] = []
    await tamper('delete from audit where sequence > 3')()
    await appendAudit(
      database.sql,
      rows.slice(3).map((row) => ({ ...(JSON.parse(row.entry) as AuditEntry), actor: 'eve' })),
      () => 4 + forged.push(rows[0]!) - 1,
    )
    expect((await verify()).broken).toBeUndefined()
    expect((await verify(end)).broken).toMatchObject({
      sequence: ENTRIES,
      detail: expect.stringContaining('noted'),
    })
  })

  test('cut short and the count with it, shows by what was noted', async () => {
    const end = (await verify()).end
    await tamper('delete from audit where sequence > 5', 'update counters set value = 5')()
    expect((await verify()).broken).toBeUndefined()
    expect((await verify(end)).broken).toMatchObject({ sequence: 6 })
  })

  test('as CSV no cell is a formula', async () => {
    await appendAudit(
      database.sql,
      ['=cmd|calc', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', 'a"b,c\nd'].map((actor, each) => ({
        ...(JSON.parse(rows[0]!.entry) as AuditEntry),
        actor,
        commandId: `f${each}`,
      })),
      (() => {
        let next = ENTRIES
        return () => ++next
      })(),
    )
    let text = ''
    for await (const line of auditQueries(database.sql).exportAudit('csv')) text += line
    expect(text).toContain('"a""b,c\nd"')
    const cells = text.split(/\r\n/).flatMap((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/))
    expect(cells.filter((cell) => /^"?\s*[=+@-]/.test(cell))).toEqual([])
    expect(text.split('\r\n')[0]).toBe('sequence,at,actor,action,target,outcome,before,after,hash')
  })
})
