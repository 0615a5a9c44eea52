// What happens at the desk by time alone.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { aCommand, from, incidentOutput, outputs, START } from '../testing/records.ts'
import { tickCommand } from './tick.ts'

let database: DeskDatabase
let desk: DeskApp

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  desk = await startDeskApp(database, { settings: { closeAfterMs: DAY_MS, deadLettersMax: 2 } })
})
afterEach(() => desk.close())

const commands = (offset: number, ...records: unknown[]) =>
  desk.desk.apply(
    { topic: 'commands', partition: 0, next: offset + records.length },
    from(offset, ...records),
  )
const statuses = async () =>
  Object.fromEntries(
    (await desk.desk.queries.listIncidents({}, 10)).items.map(({ id, status }) => [id, status]),
  )

describe('time passes at the desk', () => {
  test('what was resolved long enough ago closes; what was reopened since does not', async () => {
    const resolved = { status: 'resolved' as const, resolvedAt: START }
    await desk.say(
      outputs(
        START,
        incidentOutput({ id: 'old', ...resolved }),
        incidentOutput({ id: 'back', ...resolved }),
        incidentOutput({ id: 'fresh', ...resolved, resolvedAt: START + DAY_MS }),
        incidentOutput({ id: 'open' }),
      ),
    )
    await commands(
      0,
      aCommand({ action: 'incident.reopen', target: 'back' }),
      tickCommand(START + DAY_MS + 1),
    )
    expect(await statuses()).toEqual({
      old: 'closed',
      back: 'reopened',
      fresh: 'resolved',
      open: 'new',
    })
  })

  test('a tick leaves no trace of its own', async () => {
    await commands(0, tickCommand(START), tickCommand(START + 1))
    expect((await desk.desk.queries.listAudit({}, 10)).items).toEqual([])
    expect(await desk.desk.result(tickCommand(START).id)).toBeUndefined()
  })

  test('results are forgotten after their time, dead letters beyond their number', async () => {
    await desk.say(outputs(START, incidentOutput()))
    await commands(0, aCommand({ id: 'early' }), aCommand({ id: 'late', at: START + 2 * DAY_MS }))
    const letter = { source: 's', reason: 'r', detail: 'd', payload: '' }
    await desk.desk.apply(
      { topic: 'dead-letters', partition: 0, next: 3 },
      from(0, ...[1, 2, 3].map((n) => ({ ...letter, id: `d${n}`, at: START + n }))),
    )
    await commands(2, tickCommand(START + 3 * DAY_MS))
    expect(await desk.desk.result('early')).toBeUndefined()
    expect(await desk.desk.result('late')).toBeDefined()
    const { items } = await desk.desk.queries.listDeadLetters({}, 10)
    expect(items.map(({ id }) => id)).toEqual(['d3', 'd2'])
  })
})
