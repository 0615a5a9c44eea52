// The audit chain: whatever is done to it shows.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPgliteDesk } from '../runtime/adapters/desk-pglite.ts'
import { appendAudit, verifyAudit } from './audit.ts'
import type { DeskDatabase } from './store/database.ts'
import { type AuditRow, audit } from './store/schema.ts'
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
