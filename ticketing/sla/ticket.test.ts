// Service levels of real tickets: what holds, what pauses, what a change of priority does.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import { tickCommand } from '../commands/tick.ts'
import type { DeskSettings } from '../settings.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { createMemoryLog } from '../testing/memory-log.ts'
import { incidentOutput, outputs, START } from '../testing/records.ts'

const settings: Partial<DeskSettings> = {
  calendars: {
    office: {
      timeZone: 'Europe/Berlin',
      week: Object.fromEntries(
        ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['09:00', '17:00']]]),
      ),
      holidays: ['2026-03-03'],
    },
  },
  slaPolicies: [
    {
      name: 'shop resolution',
      kind: 'resolution',
      calendar: 'always',
      services: ['shop'],
      targetsMs: { P1: HOUR_MS, P2: HOUR_MS },
      warnAtShare: 0.5,
      escalateTo: 'duty',
    },
    {
      name: 'response',
      kind: 'response',
      calendar: 'always',
      targetsMs: { P2: 30 * MINUTE_MS },
      warnAtShare: 0.5,
    },
    {
      name: 'resolution',
      kind: 'resolution',
      calendar: 'office',
      targetsMs: { P2: 8 * HOUR_MS, P3: 16 * HOUR_MS },
      warnAtShare: 0.5,
    },
  ],
}

let database: DeskDatabase
let desk: DeskApp
let now = START

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  desk = await startDeskApp(database, { settings })
  await desk.say(outputs(START, incidentOutput()))
})
afterEach(() => desk.close())

const wait = (ms: number): void => {
  now += ms
  desk.setTime(now)
}
beforeEach(() => {
  now = START
  desk.setTime(now)
})

const act = async (action: string, body: object = {}, id = 'i1') => {
  const url = `/api/v1/incidents/${id}/${action}`
  const response = await desk.app.inject({ method: 'POST', url, payload: body })
  expect(response.statusCode).toBe(200)
}
const tick = () => desk.append(tickCommand(now))
const detail = async (id = 'i1') => (await desk.app.inject(`/api/v1/incidents/${id}`)).json()
const clock = async (kind: string, id = 'i1') =>
  (await detail(id)).slas.find((each: { kind: string }) => each.kind === kind)
const transitions = async () => {
  const { log, all } = createMemoryLog(1)
  await desk.desk.publishOutbox(log)
  return all('tickets')
}

describe('the clocks of a ticket', () => {
  test('run from its opening, each in its own calendar', async () => {
    // START is Monday 10:00 in Berlin: 7 h are left that day, Tuesday is a holiday.
    expect(await clock('response')).toMatchObject({ dueAt: '2026-03-02T09:30:00.000Z' })
    expect(await clock('resolution')).toMatchObject({
      policy: 'resolution',
      dueAt: '2026-03-04T09:00:00.000Z',
    })
    expect(await detail()).toMatchObject({ dueAt: '2026-03-02T09:30:00.000Z', breached: false })
  })

  test('taking the ticket up ends the response clock for good', async () => {
    wait(10 * MINUTE_MS)
    await act('acknowledge')
    wait(DAY_MS)
    await tick()
    expect(await clock('response')).toMatchObject({ elapsedMs: 10 * MINUTE_MS, breached: false })
    const last = (await transitions()).findLast(({ action }) => action === 'acknowledge')
    expect(last?.fields).toMatchObject({ responseSla: 'met', resolutionSla: 'running' })
  })

  test('a hold pauses', async () => {
    await act('acknowledge')
    wait(HOUR_MS)
    await act('hold', { reason: 'vendor' })
    wait(5 * HOUR_MS)
    expect(await detail()).not.toHaveProperty('dueAt')
    await act('resume')
    expect(await clock('resolution')).toMatchObject({
      elapsedMs: HOUR_MS,
      dueAt: '2026-03-04T14:00:00.000Z',
    })
  })

  test('a new priority midway: the new target over the whole of the time that ran', async () => {
    wait(2 * HOUR_MS)
    await act('prioritise', { priority: 'P3', reason: 'only reports' })
    expect(await clock('resolution')).toMatchObject({
      targetMs: 16 * HOUR_MS,
      elapsedMs: 2 * HOUR_MS,
      dueAt: '2026-03-05T09:00:00.000Z',
    })
  })

  test('reopened: what lay between does not count, what was used up stays used', async () => {
    wait(HOUR_MS)
    await act('resolve')
    wait(3 * DAY_MS)
    await act('reopen')
    expect(await clock('resolution')).toMatchObject({ elapsedMs: HOUR_MS })
    wait(7 * HOUR_MS)
    await act('resolve')
    expect(await clock('resolution')).toMatchObject({ elapsedMs: 7 * HOUR_MS })
  })

  test('a policy for a service holds for what the service needs', async () => {
    const ci = (id: string, kind: string) => ({ id, kind, name: id, attributes: {} })
    const topology = {
      cis: [ci('shop', 'service'), ci('db1', 'database')],
      relations: [{ from: 'shop', to: 'db1', type: 'depends_on' }],
    }
    await desk.app.inject({ method: 'POST', url: '/api/v1/cis/import', payload: topology })
    await desk.say(outputs(now, incidentOutput({ id: 'i2', cis: ['db1'] })))
    expect(await clock('resolution', 'i2')).toMatchObject({ policy: 'shop resolution' })
  })
})

describe('time running out', () => {
  const said = async () =>
    (await detail()).timeline
      .map(({ kind }: { kind: string }) => kind)
      .filter((kind: string) => /sla/.test(kind))

  test('people are told before, and at the breach, each once', async () => {
    await tick()
    expect(await said()).toEqual([])
    wait(16 * MINUTE_MS)
    await tick()
    await tick()
    expect(await said()).toEqual(['sla-response-warning'])
    wait(15 * MINUTE_MS)
    await act('notes', { text: 'a note must not hide the breach' })
    await tick()
    wait(MINUTE_MS)
    await tick()
    expect(await said()).toEqual(['sla-response-warning', 'sla-response-breach'])
    expect(await detail()).toMatchObject({ breached: true })
  })

  test('resolved too late between two ticks is late all the same', async () => {
    wait(31 * MINUTE_MS)
    await act('resolve')
    expect(await clock('response')).toMatchObject({ breached: true })
    const last = (await transitions()).findLast(({ action }) => action === 'resolve')
    expect(last?.fields).toMatchObject({ responseSla: 'breached', resolutionSla: 'met' })
  })

  test('a breach taken back by a lower priority is no breach, and can come again', async () => {
    const always = { priority: 'P4', reason: 'nothing promised' }
    wait(31 * MINUTE_MS)
    await tick()
    await act('prioritise', always)
    expect((await clock('response')).running).toBe(false)
    await act('prioritise', { priority: 'P2', reason: 'it is promised' })
    await tick()
    expect((await said()).filter((kind: string) => kind === 'sla-response-breach')).toHaveLength(1)
  })
})
