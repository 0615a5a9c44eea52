// What is muted is not said, and nothing of it is lost: it is said once the mute ends.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Incident } from '../../domain/incident.ts'
import { HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { emptyDesk } from '../testing/empty.ts'
import { incidentOutput, outputs, START } from '../testing/records.ts'
import type { Delivery } from './delivery.ts'
import { DEFAULT_NOTIFICATION_SETTINGS } from './settings.ts'

let database: DeskDatabase
let desk: DeskApp
let delivery: Delivery
let said: string[]
let version: number

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  desk = await startDeskApp(database, {
    settings: {
      notifications: {
        ...DEFAULT_NOTIFICATION_SETTINGS,
        channels: {
          ops: { kind: 'webhook', url: 'https://ops.example', secrets: ['whsec_c2VjcmV0'] },
          boss: { kind: 'webhook', url: 'https://boss.example', secrets: ['whsec_c2VjcmV0'] },
        },
        rules: [
          {
            name: 'all',
            events: ['opened', 'reopened', 'acknowledged', 'priority-changed'],
            channel: 'ops',
            escalation: [{ afterMs: 30 * MINUTE_MS, channel: 'boss' }],
          },
        ],
      },
    },
  })
  version = 0
  said = []
  delivery = desk.desk.createDelivery(async (outgoing) => {
    if (outgoing.kind === 'http') said.push(/incident\.([\w-]+)/.exec(outgoing.body)![1]!)
    return { kind: 'sent' }
  })
})
afterEach(() => desk.close())

const MUTED: Partial<Incident> = {
  muted: true,
  muting: [{ reason: 'silence', by: 's1', text: 'Silenced by ada: disk swap' }],
}

/** The correlator says this of the incident, so many minutes after the start. */
const hear = async (minute: number, over: Partial<Incident> = {}) => {
  version += 1
  await desk.say(outputs(START + minute * MINUTE_MS, incidentOutput({ version, ...over })))
}
const RESOLVED = { status: 'resolved', firingCount: 0 } as const

const saidBy = async (minute: number): Promise<readonly string[]> => {
  said.length = 0
  await delivery.run(START + minute * MINUTE_MS)
  return [...said]
}
const act = async (action: string, body: object = {}) => {
  const url = `/api/v1/incidents/i1/${action}`
  expect((await desk.app.inject({ method: 'POST', url, payload: body })).statusCode).toBe(200)
}
const queue = async () =>
  (await desk.desk.queries.listNotifications({}, 50)).items.map(
    ({ event, channel, status, detail }) =>
      `${event} ${channel} ${status}${detail === undefined ? '' : `: ${detail}`}`,
  )

describe('an incident that is muted', () => {
  test('is kept with the reason why nobody was told', async () => {
    await hear(0, MUTED)
    expect(await saidBy(60)).toEqual([])
    expect(await queue()).toEqual([
      'opened boss muted: Silenced by ada: disk swap',
      'opened ops muted: Silenced by ada: disk swap',
    ])
  })

  test('nothing muted is lost: it is told as its mute ends, once, and escalates from there', async () => {
    await hear(0, MUTED)
    expect(await saidBy(9)).toEqual([])
    await hear(10)
    expect(await saidBy(10)).toEqual(['opened'])
    expect(await saidBy(39)).toEqual([])
    expect(await saidBy(40)).toEqual(['opened'])
    await hear(50, MUTED)
    await hear(51)
    expect(await saidBy(99)).toEqual([])
  })

  test('resolved while muted is told to nobody: they never heard of it', async () => {
    await hear(0, MUTED)
    await hear(5, { ...MUTED, ...RESOLVED })
    expect(await saidBy(60)).toEqual([])
  })

  test('a resolution is announced if its firing was, muted or not', async () => {
    await hear(0)
    expect(await saidBy(0)).toEqual(['opened'])
    await hear(1, MUTED)
    await hear(5, { ...MUTED, ...RESOLVED })
    expect(await saidBy(5)).toEqual(['resolved'])
    expect(await saidBy(60)).toEqual([])
  })

  test('the steps that were to follow wait, too', async () => {
    await hear(0)
    expect(await saidBy(0)).toEqual(['opened'])
    await hear(1, MUTED)
    expect(await saidBy(59)).toEqual([])
    await hear(60)
    expect(await saidBy(60)).toEqual(['opened'])
    expect(await saidBy(90)).toEqual(['opened'])
  })

  test('that somebody took up meanwhile needs no announcement, but its other news is told', async () => {
    await hear(0, MUTED)
    await act('acknowledge')
    await act('prioritise', { priority: 'P1', reason: 'the board meets' })
    expect(await saidBy(9)).toEqual([])
    await hear(10)
    expect([await saidBy(10), await saidBy(10)]).toEqual([['acknowledged'], ['priority-changed']])
  })

  test('that a person resolved is over, mute or not', async () => {
    await hear(0, MUTED)
    await act('resolve')
    await hear(10)
    expect(await saidBy(60)).toEqual([])
  })

  test('that fires again under its mute is told once, with what it is by then', async () => {
    await hear(0)
    expect(await saidBy(0)).toEqual(['opened'])
    await hear(5, RESOLVED)
    expect(await saidBy(5)).toEqual(['resolved'])
    await hear(30, MUTED)
    expect(await saidBy(59)).toEqual([])
    await hear(60)
    expect(await saidBy(60)).toEqual(['reopened'])
  })
})

describe('FAULTS 26: an incident that comes and goes', () => {
  test('is announced at most once per interval, and resolved once per announcement', async () => {
    const heard: string[] = []
    for (let minute = 0; minute < 120; minute++) {
      await hear(minute, minute % 2 === 0 ? {} : RESOLVED)
      heard.push(...(await saidBy(minute)).map((what) => `${minute} ${what}`))
    }
    const expected = [0, 16, 32, 48, 64, 80, 96, 112].flatMap((minute) => [
      `${minute} ${minute === 0 ? 'opened' : 'reopened'}`,
      `${minute + 1} resolved`,
    ])
    expect(heard).toEqual(expected)
  })

  test('and stays is announced as soon as the interval allows', async () => {
    await hear(0)
    expect(await saidBy(0)).toEqual(['opened'])
    await hear(1, RESOLVED)
    expect(await saidBy(1)).toEqual(['resolved'])
    await hear(2)
    expect(await saidBy(14)).toEqual([])
    expect(await saidBy(15)).toEqual(['reopened'])
    await hear(16, RESOLVED)
    expect(await saidBy(HOUR_MS / MINUTE_MS)).toEqual(['resolved'])
  })
})
