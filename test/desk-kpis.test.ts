// What the desk writes of its tickets is what the KPIs read: played on the one, asked of the other.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kpiFigures, kpiGroups } from '../dashboards/kpis/query.ts'
import { kpiById } from '../dashboards/kpis/registry.ts'
import { loadRecords } from '../dashboards/testing/load.fixture.ts'
import type { Facts } from '../domain/ports/facts.ts'
import { createMemoryLog } from '../domain/testing/memory-log.ts'
import { HOUR_MS, isoTime, MINUTE_MS } from '../domain/time.ts'
import { openPgliteDesk } from '../runtime/adapters/desk-pglite.ts'
import { openTestFacts } from '../runtime/adapters/facts-chdb.fixture.ts'
import { tickCommand } from '../ticketing/commands/tick.ts'
import type { DeskDatabase } from '../ticketing/store/database.ts'
import { type DeskApp, startDeskApp } from '../ticketing/testing/app.ts'
import { aCommand, incidentOutput, outputs, START } from '../ticketing/testing/records.ts'

let database: DeskDatabase
let desk: DeskApp
let facts: Facts

const LAPTOP = {
  id: 'laptop',
  title: 'A laptop',
  description: '',
  form: { properties: {} },
  approvers: [],
  tasks: [],
  targetMs: HOUR_MS,
  calendar: 'always',
}

const post = async (path: string, payload: object = {}) => {
  const response = await desk.app.inject({ method: 'POST', url: `/api/v1/${path}`, payload })
  expect(response.statusCode, response.body).toBeLessThan(300)
  return response.json()
}
/** Minutes after the start. */
const at = (minutes: number): void => desk.setTime(START + minutes * MINUTE_MS)

/** Three incidents, three changes, two requests. */
const play = async (): Promise<void> => {
  const ci = (id: string, kind: string, attributes = {}) => ({ id, kind, name: id, attributes })
  await post('cis/import', {
    cis: [
      ci('shop', 'service', { criticality: 'critical' }),
      ci('checkout', 'host'),
      ci('db1', 'database'),
    ],
    relations: [{ from: 'shop', to: 'checkout', type: 'depends_on' }],
  })
  await desk.say(outputs(START, ...['i1', 'i2', 'i3'].map((id) => incidentOutput({ id }))))
  at(10)
  for (const id of ['i1', 'i2']) await post(`incidents/${id}/acknowledge`)
  for (const assignee of ['ada', 'bo']) await post('incidents/i1/assign', { assignee })
  at(60)
  await post('incidents/i1/resolve')
  at(90)
  await post('incidents/i1/reopen')
  at(120)
  await post('incidents/i1/resolve')
  for (const rating of [2, 4]) await post('incidents/i1/rate', { rating })
  // P1 has four hours: i2 is late.
  await desk.append(tickCommand(START + 300 * MINUTE_MS))
  at(310)
  await post('incidents/i2/resolve')

  for (const [minutes, outcome] of [
    [0, 'successful'],
    [1, 'backed-out'],
  ] as const) {
    at(400 + minutes)
    const { number } = await post('rfcs', {
      type: 'standard',
      title: outcome,
      description: 'x',
      cis: ['checkout', 'db1'],
      plannedStart: isoTime(START),
      plannedEnd: isoTime(START + HOUR_MS),
    })
    for (const action of ['submit', 'begin']) await post(`changes/${number}/${action}`)
    await post(`changes/${number}/finish`, { outcome })
    await post(`changes/${number}/close`)
  }
  const change = { id: 'd1', ci: 'checkout', type: 'deployment', summary: 'v2', startedAt: START }
  await desk.append(aCommand({ id: 'r', action: 'change.report', target: 'd1', body: change }))
  await post('changes/d1/match', { incident: 'i2' })

  for (const minutes of [30, 90]) {
    at(500)
    const { id } = await post('requests', { item: 'laptop', values: {} })
    at(500 + minutes)
    await post(`requests/${id}/fulfil`)
  }
}

beforeAll(async () => {
  database = await openPgliteDesk({})
  facts = await openTestFacts()
  desk = await startDeskApp(database, { settings: { catalogue: [LAPTOP] } })
  await play()
  const log = createMemoryLog(1)
  // The edge tells the correlator of a deployment itself.
  const deployed = { id: 'd1', ci: 'checkout', type: 'deployment', summary: 'v2', startedAt: START }
  const value = Buffer.from(JSON.stringify({ kind: 'change', at: START, change: deployed }))
  await log.append('events', 0, [{ value }])
  await desk.desk.publishOutbox(log)
  await loadRecords(facts, [log.stored('events', 0), log.stored('tickets', 0)], {})
})
afterAll(async () => {
  await desk.close()
  await database.close()
  await facts.close()
})

const RANGE = { from: START - HOUR_MS, to: START + 24 * HOUR_MS }
const figures = async (id: string) => {
  const { count, values } = await kpiFigures(facts, kpiById(id)!, RANGE)
  return { count, ...values }
}

test.each([
  ['mtta', { count: 2, mean: 600 }],
  ['mttr', { count: 2, mean: (120 + 310) * 30 }],
  ['sla', { count: 2, ratio: 0.5, breached: 1, response: 1 }],
  ['reassignment-rate', { count: 3, passed_on: 1 }],
  ['reopen-rate', { count: 2, reopened: 1, reopens: 1 }],
  ['open-incidents', { count: 1 }],
  ['change-failure-rate', { count: 3, failed: 2 }],
  ['satisfaction', { count: 1, mean: 4 }],
  ['requests-in-time', { count: 2, ratio: 0.5 }],
])('%s', async (id, expected) => {
  expect(await figures(id)).toMatchObject(expected)
})

test('tickets are told apart by the service that suffers', async () => {
  const groups = await kpiGroups(facts, kpiById('mttr')!, RANGE, 'service')
  expect(groups.map(({ key, count }) => [key, count])).toEqual([['shop', 2]])
})
