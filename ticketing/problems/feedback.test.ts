// What people say of hints and problems: used the next time, on the audit log, taken back by undo.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createCorrelator } from '../../correlator/correlator.ts'
import { defaultCorrelatorSettings } from '../../correlator/settings.ts'
import { recordsOf, START, topologyOf } from '../../correlator/testing/scenario.ts'
import { DAY_MS } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { createMemoryLog } from '../testing/memory-log.ts'

let database: DeskDatabase
let desk: DeskApp
let correlator: ReturnType<typeof createCorrelator>
let offset: number

const feed = async (records: Parameters<typeof correlator.apply>[0][]): Promise<void> => {
  for (const record of records) {
    const outputs = correlator.apply(record, offset)
    const at = record.kind === 'events' ? record.receivedAt : record.at
    if (outputs.length > 0) await desk.say({ at, cause: offset, outputs })
    offset += 1
  }
}

/** The database slows the shop down, at that hour. */
const slowDay = (hour: number) =>
  recordsOf(`
    ${hour}:00:00 fire SlowQueries@db
    ${hour}:00:20 fire HighErrorRate@api
    ${hour}:00:40 fire HighLatency@web
    ${hour}:10:00 resolve SlowQueries@db since=${hour}:00:00
    ${hour}:10:00 resolve HighErrorRate@api since=${hour}:00:20
    ${hour}:10:00 resolve HighLatency@web since=${hour}:00:40
    ${hour}:20:00 tick`)

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  desk = await startDeskApp(database, { actor: () => 'ada' })
  desk.setTime(START + DAY_MS)
  correlator = createCorrelator(defaultCorrelatorSettings)
  offset = 0
  const topology = topologyOf(`
    web depends_on api
    api depends_on db`)
  await feed([{ kind: 'topology', at: START, topology }, ...[0, 5, 10].flatMap(slowDay)])
})

const get = async (path: string) => (await desk.app.inject(`/api/v1/${path}`)).json()

/** Said at the desk, and carried to the correlator. */
const post = async (path: string, payload: object) => {
  const response = await desk.app.inject({ method: 'POST', url: `/api/v1/${path}`, payload })
  expect(response.statusCode, response.body).toBeLessThan(300)
  const { log, all } = createMemoryLog(1)
  await desk.desk.publishOutbox(log)
  const decided = all('events').filter(({ kind }) => kind === 'membership')
  await feed(decided)
  return response.json()
}

const opens = (hour: number) => feed(recordsOf(`${hour}:00:00 fire SlowQueries@db`))

const audited = async (): Promise<string[]> =>
  (await get('audit')).items.map(({ action }: { action: string }) => action)

test('a known error stands on the incident, with its workaround, with its first alert', async () => {
  await post('problems/PRB-1/workaround', { workaround: 'Restart the pool' })
  await opens(30)
  const [known] = (await get('incidents/INC-4')).knownErrors
  expect(known).toMatchObject({ number: 'PRB-1', workaround: 'Restart the pool' })
  expect(known.similarity).toBeGreaterThan(0.5)
})

test.each([
  ['confirm-hint', 'people confirmed db as the cause of 1 of 1 similar incidents'],
  ['reject-hint', 'people confirmed db as the cause of 0 of 1 similar incidents'],
])('%s speaks the next time, is audited, and is silent again after undo', async (action, said) => {
  const history = async (): Promise<unknown> =>
    (await get('incidents/INC-4')).hints
      .find(({ ci }: { ci: string }) => ci === 'db')
      .reasons.find(({ signal }: { signal: string }) => signal === 'history')?.text
  await opens(30)
  expect(await history()).toBeUndefined()
  const { command } = await post(`incidents/INC-3/${action}`, { ci: 'db' })
  await feed(recordsOf('30:00:10 fire HighErrorRate@api\n30:00:20 tick'))
  expect(await history()).toBe(said)
  expect(await audited()).toContain(`incident.${action}`)
  await post('incidents/INC-3/undo', { command })
  await feed(recordsOf('30:00:30 fire HighLatency@web\n30:00:40 tick'))
  expect(await history()).toBeUndefined()
  expect(await audited()).toContain('incident.undo')
})

test('"not the same" takes an incident out of its problem, and undo puts it back', async () => {
  const problemId = (await get('problems/PRB-1')).id
  const shown = async (): Promise<unknown[]> =>
    Promise.all(
      ['INC-1', 'INC-2', 'INC-3'].map(
        async (number) => (await get(`incidents/${number}`)).problemId,
      ),
    )
  expect(await shown()).toEqual([problemId, problemId, problemId])
  const { command } = await post('incidents/INC-2/unlink-problem', { problemId })
  expect(await shown()).toEqual([problemId, undefined, problemId])
  expect(await audited()).toContain('incident.unlink-problem')
  await post('incidents/INC-2/undo', { command })
  expect(await shown()).toEqual([problemId, problemId, problemId])
})
