// The desk as a projection: what it makes of the correlator's outputs and of people's commands.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openPgliteDesk } from '../runtime/adapters/desk-pglite.ts'
import { createDesk, type Desk } from './desk.ts'
import type { DeskDatabase } from './store/database.ts'
import { emptyDesk } from './testing/empty.ts'
import { createMemoryLog } from './testing/memory-log.ts'
import {
  aCandidate,
  aCommand,
  alertOutput,
  anEntry,
  from,
  incidentOutput,
  outputs,
  START,
} from './testing/records.ts'

let database: DeskDatabase
let desk: Desk

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  desk = createDesk({ database })
})

const incidents = (offset: number, ...records: unknown[]) =>
  desk.apply(
    { topic: 'incidents', partition: 0, next: offset + records.length },
    from(offset, ...records),
  )
const commands = (offset: number, ...records: unknown[]) =>
  desk.apply(
    { topic: 'commands', partition: 0, next: offset + records.length },
    from(offset, ...records),
  )
const opened = () => incidents(0, outputs(START, incidentOutput({}, [anEntry()]), alertOutput()))

describe('an incident of the correlator becomes a ticket', () => {
  test('with number, priority, alerts, evidence, timeline and hints', async () => {
    await opened()
    const detail = await desk.queries.findIncident('INC-1')
    expect(detail).toMatchObject({
      id: 'i1',
      number: 'INC-1',
      status: 'new',
      priority: 'P2',
      impact: 'medium',
      urgency: 'high',
      openedAt: '2026-03-02T09:00:00.000Z',
      alertCount: 1,
      alerts: [{ id: 'a1', evidence: [{ text: 'The first alert of the incident' }] }],
      timeline: [{ id: 't1', kind: 'opened' }],
      hints: [{ ci: 'db1' }],
    })
  })

  test('what is not newer changes nothing', async () => {
    await opened()
    await incidents(1, outputs(START + 1, incidentOutput({ version: 3, title: 'newer' })))
    await incidents(2, outputs(START + 2, incidentOutput({ version: 2, title: 'late' })))
    expect((await desk.queries.findIncident('i1'))?.title).toBe('newer')
  })
})

describe('commands', () => {
  test('an acknowledgement is recorded with who and when', async () => {
    await opened()
    await commands(0, aCommand())
    const detail = await desk.queries.findIncident('i1')
    expect(detail).toMatchObject({
      status: 'acknowledged',
      acknowledgedAt: '2026-03-02T09:01:00.000Z',
      version: 2,
    })
    expect(detail?.timeline.at(-1)).toMatchObject({ kind: 'acknowledge', actor: 'ada' })
    expect((await desk.result('c1'))?.outcome).toMatchObject({ kind: 'applied', version: 2 })
  })

  test('resolving tells the correlator, in the scope partition', async () => {
    await opened()
    await commands(0, aCommand({ action: 'incident.resolve', body: { resolution: 'restarted' } }))
    const { log, all } = createMemoryLog()
    await desk.publishOutbox(log)
    expect(all('events')).toMatchObject([
      { kind: 'membership', commandId: 'c1', decision: { action: 'resolve', incidentId: 'i1' } },
    ])
    expect(all('tickets').map(({ action, toState }) => [action, toState])).toEqual([
      ['open', 'new'],
      ['resolve', 'resolved'],
    ])
    expect(await desk.publishOutbox(log)).toBe(0)
  })
})

describe('problems', () => {
  test('a candidate becomes a numbered problem with its statistics', async () => {
    await opened()
    await incidents(1, outputs(START, { kind: 'problem', problem: aCandidate() }))
    expect(await desk.queries.findProblem('PRB-1')).toMatchObject({
      status: 'candidate',
      statistics: { count: 3, minutesLost: 42 },
      incidents: [{ id: 'i1' }],
    })
  })
})
