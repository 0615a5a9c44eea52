// Taking back what people decided about membership, from the API to the correlator and back.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createCorrelator } from '../../correlator/correlator.ts'
import { defaultCorrelatorSettings } from '../../correlator/settings.ts'
import { recordsOf, START } from '../../correlator/testing/scenario.ts'
import { MINUTE_MS } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { createMemoryLog } from '../testing/memory-log.ts'

let database: DeskDatabase
let desk: DeskApp
let correlator: ReturnType<typeof createCorrelator>
let offset: number

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  desk = await startDeskApp(database)
  desk.setTime(START + 5 * MINUTE_MS)
  correlator = createCorrelator(defaultCorrelatorSettings)
  offset = 0
  await feed(
    recordsOf(`
      00:00 fire DiskFull@db
      00:05 fire LoadHigh@db
      00:10 fire LatencyHigh@shop`),
  )
})
afterEach(() => desk.close())

/** Through the correlator, and what it says to the desk. */
const feed = async (records: Parameters<typeof correlator.apply>[0][]): Promise<void> => {
  for (const record of records) {
    const outputs = correlator.apply(record, offset)
    const at = record.kind === 'events' ? record.receivedAt : record.at
    if (outputs.length > 0) await desk.say({ at, cause: offset, outputs })
    offset += 1
  }
}

/** What the desk decided goes to the correlator, once more than needed: the outbox may do that. */
const settle = async (): Promise<void> => {
  const { log, all } = createMemoryLog(1)
  await desk.desk.publishOutbox(log)
  const decided = all('events').filter(({ kind }) => kind === 'membership')
  await feed([...decided, ...decided])
}

const post = async (path: string, payload: object) => {
  const response = await desk.app.inject({
    method: 'POST',
    url: `/api/v1/incidents/${path}`,
    payload,
  })
  await settle()
  return { status: response.statusCode, body: response.json() }
}
const get = async (path: string) => (await desk.app.inject(`/api/v1/${path}`)).json()

/** `INC-1 new: DiskFull LoadHigh`, a line an incident. */
const shown = async (): Promise<string[]> => {
  const { items } = await get('incidents')
  const lines: string[] = []
  for (const { number, status, id } of items) {
    const alerts = (await get(`alerts?incident=${id}`)).items
    const names = alerts.map(({ name }: { name: string }) => name).sort()
    lines.push([`${number} ${status}:`, ...names].join(' '))
  }
  return lines.sort()
}

const alertId = async (name: string): Promise<string> => (await get(`alerts?q=${name}`)).items[0].id
const idOf = async (number: string): Promise<string> => (await get(`incidents/${number}`)).id

const BEFORE = ['INC-1 new: DiskFull LoadHigh', 'INC-2 new: LatencyHigh']

describe('undo', () => {
  test('of a merge gives both incidents back, and the merged ticket lives again', async () => {
    const { status, body } = await post('INC-2/merge', { into: await idOf('INC-1') })
    expect(status).toBe(202)
    expect(await shown()).toEqual(['INC-1 new: DiskFull LatencyHigh LoadHigh', 'INC-2 merged:'])
    expect((await post('INC-2/undo', { command: body.command })).status).toBe(202)
    expect(await shown()).toEqual([BEFORE[0], 'INC-2 reopened: LatencyHigh'])
  })

  test('of a split puts the alerts back, asked from either incident', async () => {
    const { body } = await post('INC-1/split', { alertIds: [await alertId('LoadHigh')] })
    expect(await shown()).toEqual([
      'INC-1 new: DiskFull',
      'INC-2 new: LatencyHigh',
      'INC-3 new: LoadHigh',
    ])
    await post(`${body.newIncidentId}/undo`, { command: body.command })
    expect(await shown()).toEqual([...BEFORE, 'INC-3 merged:'])
  })

  test('of a move that emptied its incident brings it back', async () => {
    const { body } = await post('INC-2/move', {
      alertIds: [await alertId('LatencyHigh')],
      to: await idOf('INC-1'),
    })
    expect(await shown()).toEqual(['INC-1 new: DiskFull LatencyHigh LoadHigh', 'INC-2 merged:'])
    await post('INC-1/undo', { command: body.command })
    expect(await shown()).toEqual([BEFORE[0], 'INC-2 reopened: LatencyHigh'])
  })

  test('is listed with what it took back', async () => {
    const { body } = await post('INC-2/merge', { into: await idOf('INC-1') })
    await post('INC-1/undo', { command: body.command })
    const listed = { command: body.command, action: 'merge', actor: 'ada', undoneBy: 'ada' }
    for (const number of ['INC-1', 'INC-2'])
      expect((await get(`incidents/${number}/decisions`)).items).toMatchObject([listed])
    const kinds = (await get('incidents/INC-1')).timeline.map(({ kind }: { kind: string }) => kind)
    expect(kinds).toContain('undo')
  })

  test('twice, of what is not known, and of another incident’s decision is refused', async () => {
    const { body } = await post('INC-1/split', { alertIds: [await alertId('LoadHigh')] })
    const ask = async (number: string, command: string) => {
      const answer = await post(`${number}/undo`, { command })
      return `${answer.status} ${answer.body.detail ?? ''}`
    }
    expect(await ask('INC-2', body.command)).toMatch(/^422 no decision/)
    expect(await ask('INC-1', 'nothing')).toMatch(/^422 no decision/)
    expect(await ask('INC-1', body.command)).toMatch(/^202/)
    expect(await ask('INC-1', body.command)).toBe('422 ada has taken it back already')
    expect(await ask('INC-9', body.command)).toMatch(/^404/)
  })
})
