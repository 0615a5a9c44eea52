// Mute before notify, never before record: a desk, a correlator and a channel, on virtual time.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createCorrelator } from '../correlator/correlator.ts'
import { defaultCorrelatorSettings } from '../correlator/settings.ts'
import { batchOf, recordsOf, START } from '../correlator/testing/scenario.ts'
import type { EventsRecord } from '../domain/records.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../domain/time.ts'
import { openPgliteDesk } from '../runtime/adapters/desk-pglite.ts'
import { tickCommand } from '../ticketing/commands/tick.ts'
import type { Delivery } from '../ticketing/notifications/delivery.ts'
import { DEFAULT_NOTIFICATION_SETTINGS } from '../ticketing/notifications/settings.ts'
import type { DeskDatabase } from '../ticketing/store/database.ts'
import { type DeskApp, startDeskApp } from '../ticketing/testing/app.ts'
import { emptyDesk } from '../ticketing/testing/empty.ts'
import { createMemoryLog } from '../ticketing/testing/memory-log.ts'

let database: DeskDatabase
let desk: DeskApp
let delivery: Delivery
let correlator: ReturnType<typeof createCorrelator>
let offset: number
let said: string[]

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  const rules = [{ name: 'all', events: ['opened', 'reopened'] as const, channel: 'ops' }]
  const channels = { ops: { kind: 'console' } } as const
  desk = await startDeskApp(database, {
    settings: { notifications: { ...DEFAULT_NOTIFICATION_SETTINGS, channels, rules } },
  })
  said = []
  delivery = desk.desk.createDelivery(async (outgoing) => {
    if (outgoing.kind === 'console') said.push(outgoing.text.replace(/^\[P\d\] INC-\d+ /, ''))
    return { kind: 'sent' }
  })
  correlator = createCorrelator(defaultCorrelatorSettings)
  offset = 0
})
afterEach(() => desk.close())

/** Through the correlator to the desk, and what the desk decides back to the correlator. */
const feed = async (records: readonly EventsRecord[]): Promise<void> => {
  for (const record of records) {
    const outputs = correlator.apply(record, offset)
    const at = record.kind === 'events' ? record.receivedAt : record.at
    if (outputs.length > 0) await desk.say({ at, cause: offset, outputs })
    offset += 1
  }
  const { log, all } = createMemoryLog(1)
  await desk.desk.publishOutbox(log)
  const decided = all('events')
  if (decided.length > 0) await feed(decided)
}

/** So many minutes after the start: time passes everywhere, and what is due is said. */
const at = async (minute: number, traffic = ''): Promise<readonly string[]> => {
  const now = START + minute * MINUTE_MS
  desk.setTime(now)
  await desk.append(tickCommand(now))
  await feed([...recordsOf(traffic), { kind: 'tick', at: now }])
  said.length = 0
  await delivery.run(now)
  return [...said]
}

const post = async (path: string, payload: object = {}) => {
  const response = await desk.app.inject({ method: 'POST', url: `/api/v1/${path}`, payload })
  expect(response.statusCode).toBeLessThan(300)
  await feed([])
  return response.json()
}
const get = async (path: string) => (await desk.app.inject(`/api/v1/${path}`)).json()

const SILENCE = { matchers: 'service="db"', comment: 'disk swap' }
const RESOLVE = 'resolve DiskFull@db since=01:00'

describe('a silence', () => {
  test('evidence is recorded while notification is muted; nothing muted is lost when it ends', async () => {
    await at(0)
    await post('silences', { ...SILENCE, durationMs: 10 * MINUTE_MS })
    expect(await at(1, '01:00 fire DiskFull@db')).toEqual([])
    expect((await get('incidents')).items).toMatchObject([
      { title: 'DiskFull on db', muted: true, alertCount: 1, muting: [{ reason: 'silence' }] },
    ])
    expect(await at(9)).toEqual([])
    expect(await at(10)).toEqual([
      'DiskFull on db (new): No longer muted. Held back until now: A new incident',
    ])
    expect(await at(11)).toEqual([])
  })

  test('expired by hand, what still fires is told at once', async () => {
    await at(0)
    const { id } = await post('silences', { ...SILENCE, durationMs: HOUR_MS })
    expect(await at(1, '01:00 fire DiskFull@db')).toEqual([])
    desk.setTime(START + 2 * MINUTE_MS)
    await post(`silences/${id}/expire`)
    expect(await at(2)).toHaveLength(1)
  })

  test('a resolution is announced if its firing was, muted or not', async () => {
    expect(await at(1, '01:00 fire DiskFull@db')).toHaveLength(1)
    await post('silences', { ...SILENCE, durationMs: HOUR_MS })
    expect(await at(2)).toEqual([])
    expect(await at(6, `03:00 ${RESOLVE}`)).toEqual([
      'DiskFull on db (resolved): All alerts have resolved',
    ])
  })

  test('what fired and resolved under it is told to nobody', async () => {
    await at(0)
    await post('silences', { ...SILENCE, durationMs: HOUR_MS })
    await at(1, '01:00 fire DiskFull@db')
    expect(await at(7, `03:00 ${RESOLVE}`)).toEqual([])
    expect((await get('incidents')).items).toMatchObject([{ status: 'resolved', muted: true }])
    expect(await at(61)).toEqual([])
  })
})

test('a change that is carried out mutes what its CI breaks, until it ends', async () => {
  await at(0)
  await post('cis/import', {
    cis: ['web', 'db'].map((id) => ({ id, kind: 'service', name: id, attributes: {} })),
    relations: [{ from: 'web', to: 'db', type: 'depends_on' }],
  })
  await post('rfcs', {
    type: 'standard',
    title: 'Grow the pool',
    description: 'From 10 to 20 connections',
    cis: ['db'],
    plannedStart: new Date(START).toISOString(),
    plannedEnd: new Date(START + 30 * MINUTE_MS).toISOString(),
  })
  await post('changes/CHG-1/submit')
  await post('changes/CHG-1/begin')
  expect(await at(1, '00:30 fire Errors@web')).toEqual([])
  expect((await get('alerts')).items).toMatchObject([{ name: 'Errors', muted: 'maintenance' }])
  desk.setTime(START + 5 * MINUTE_MS)
  await post('changes/CHG-1/finish', { outcome: 'successful' })
  expect(await at(5)).toHaveLength(1)
})

test('a recurring window mutes each hour and tells in between, as long as it goes on', async () => {
  await at(0)
  await post('maintenance-windows', {
    title: 'hourly work',
    cis: ['db'],
    recurrence: { cron: '0 * * * *', durationMs: 5 * MINUTE_MS },
  })
  const heard: number[] = []
  let before = ''
  // The correlator is told 32 occurrences at one time, and more before they run out.
  const hours = [1, 2, 3, 20, 45, 70]
  for (const hour of hours) {
    const begins = `${hour}:01:00`
    const under = await at(hour * 60 + 2, `${before}\n${begins} fire Blip@db`)
    expect(under.filter((text) => !text.includes('(resolved)'))).toEqual([])
    if ((await at(hour * 60 + 5)).length > 0) heard.push(hour)
    before = `${hour}:06:00 resolve Blip@db since=${begins}`
  }
  expect(heard).toEqual(hours)
})

test('FAULTS 26: 1 Hz for an hour is one incident and one notification', async () => {
  const link = (now: number, status: 'firing' | 'resolved', startsAt: number) =>
    batchOf(now, [
      {
        id: `${status}${now}`,
        fingerprint: 'f1a9f1a9f1a9f1a9',
        status,
        name: 'LinkDown',
        severity: 'error',
        summary: 'link down',
        labels: { device: 'switch1' },
        startsAt,
        ...(status === 'resolved' ? { endsAt: now } : {}),
      },
    ])
  const heard: string[] = []
  for (let minute = 0; minute < 60; minute++) {
    const toggles = Array.from({ length: 60 }, (_, second) => {
      const from = START + minute * MINUTE_MS + second * SECOND_MS
      return [link(from, 'firing', from), link(from + 500, 'resolved', from)]
    }).flat()
    await feed(toggles)
    heard.push(...(await at(minute + 1)))
  }
  expect(heard).toEqual(['LinkDown on switch1 (new): A new incident'])
  expect((await get('incidents')).items).toHaveLength(1)
  heard.push(...(await at(90)), ...(await at(91)))
  expect(heard.slice(1)).toEqual(['LinkDown on switch1 (resolved): All alerts have resolved'])
})
