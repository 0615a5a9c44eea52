// Heartbeats at the desk: what people define, what the correlator tells of them, what is shown.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Heartbeat, HeartbeatPing } from '../../domain/heartbeat.ts'
import type { HeartbeatRecord } from '../../domain/records.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import { tickCommand } from '../commands/tick.ts'
import type { DeskDatabase } from '../store/database.ts'
import { type DeskApp, startDeskApp } from '../testing/app.ts'
import { dumpDesk, emptyDesk } from '../testing/empty.ts'
import { createMemoryLog } from '../testing/memory-log.ts'
import { outputs, START } from '../testing/records.ts'
import { PINGS_KEPT } from './limits.ts'

const UUID = '5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278'
const OTHER = '11111111-2222-4333-8444-555555555555'

let database: DeskDatabase
let desk: DeskApp

beforeAll(async () => {
  database = await openPgliteDesk({})
})
afterAll(() => database.close())
beforeEach(async () => {
  await emptyDesk(database)
  desk = await startDeskApp(database)
})
afterEach(() => desk.close())

const call = async (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  headers = {},
) => {
  const answer = await desk.app.inject({
    method,
    url,
    headers,
    ...(payload === undefined ? {} : { payload }),
  })
  return {
    status: answer.statusCode,
    body: answer.body === '' ? undefined : answer.json(),
    headers: answer.headers,
  }
}
const get = async (url: string) => (await call('GET', url)).body
const create = async (over: object = {}) => {
  const body = { name: 'Nightly backup', uuid: UUID, ...over }
  return call('POST', '/api/v1/heartbeats', body)
}

/** The correlator tells of it. */
const tell = (
  id: string,
  over: Partial<Heartbeat> = {},
  rest: { transitions?: object[]; pings?: HeartbeatPing[] } = {},
) => {
  const heartbeat = {
    id,
    version: 1,
    scope: 'default',
    status: 'new',
    since: START,
    pingCount: 0,
    ...over,
  }
  const { transitions = [], pings = [] } = rest
  return desk.say({
    ...outputs(START),
    outputs: [{ kind: 'heartbeat', heartbeat, transitions, pings }],
  })
}

const published = async (): Promise<HeartbeatRecord[]> => {
  const { log, all } = createMemoryLog()
  await desk.desk.publishOutbox(log)
  return all('events') as HeartbeatRecord[]
}

const ping = (number: number, over: Partial<HeartbeatPing> = {}): HeartbeatPing => ({
  number,
  at: START + number,
  signal: 'success',
  ...over,
})

describe('defining a heartbeat', () => {
  test('makes it, with a URL to copy, and tells the correlator', async () => {
    const { status, body, headers } = await create({
      periodSeconds: 600,
      graceSeconds: 60,
      labels: { host: 'db-1' },
      tags: ['backup'],
    })
    expect(status).toBe(201)
    expect(headers.location).toBe(`/api/v1/heartbeats/${body.id}`)
    expect(body).toMatchObject({
      name: 'Nightly backup',
      slug: 'nightly-backup',
      status: 'new',
      periodSeconds: 600,
      graceSeconds: 60,
      severity: 'error',
      pingUrl: `http://localhost:80/ping/${UUID}`,
      createdBy: 'ada',
      version: 1,
    })
    expect(await published()).toMatchObject([
      {
        kind: 'heartbeat',
        change: {
          action: 'define',
          definition: {
            id: body.id,
            schedule: { kind: 'period', periodMs: 600_000 },
            graceMs: 60_000,
            labels: { host: 'db-1' },
          },
        },
      },
    ])
  })

  test('takes a day with an hour of grace where nothing is said, as healthchecks.io does', async () => {
    expect((await create()).body).toMatchObject({ periodSeconds: 86_400, graceSeconds: 3_600 })
  })

  test('again under the same key gives the same, with the same UUID', async () => {
    const body = { name: 'Nightly backup', uuid: UUID }
    const first = await call('POST', '/api/v1/heartbeats', body, { 'idempotency-key': 'k1' })
    const again = await call(
      'POST',
      '/api/v1/heartbeats',
      { name: 'Nightly backup' },
      { 'idempotency-key': 'k1' },
    )
    expect(again.body).toEqual(first.body)
    expect((await get('/api/v1/heartbeats')).items.length).toBe(1)
  })

  test.each([
    [
      { schedule: '30 2 * * 1-5', timeZone: 'Europe/Berlin' },
      { scheduleKind: 'cron', timeZone: 'Europe/Berlin' },
    ],
    [{ schedule: '@daily' }, { scheduleKind: 'cron', timeZone: 'UTC' }],
    [{ schedule: 'Mon..Fri 22:00' }, { scheduleKind: 'on-calendar' }],
    [{ schedule: 'daily' }, { scheduleKind: 'on-calendar' }],
  ])('reads the schedule %j', async (said, shown) => {
    expect((await create(said)).body).toMatchObject(shown)
  })

  test.each([
    [{ schedule: '61 2 * * *' }, 422, 'schedule: Invalid value for minute: 61'],
    [{ schedule: '0 0 30 2 *' }, 422, 'schedule: it is never due'],
    [{ schedule: 'Foo 12:00' }, 422, 'schedule: "Foo" is no day of the week'],
    [
      { schedule: '* * * * *', timeZone: 'Mars/Base' },
      422,
      'timeZone: "Mars/Base" is no IANA time zone',
    ],
    [{ schedule: '* * * * *', periodSeconds: 60 }, 422, 'say either periodSeconds or schedule'],
    [{ name: '???' }, 422, 'the name gives no slug, so one must be said'],
  ])('%j is refused with what is wrong', async (over, status, detail) => {
    const answer = await create(over)
    expect([answer.status, answer.body.detail]).toEqual([status, detail])
    expect(await published()).toEqual([])
  })

  test.each([
    { periodSeconds: 0 },
    { graceSeconds: 1.5 },
    { slug: 'Not A Slug' },
    { uuid: 'x' },
    { nmae: 'x' },
  ])('%j is no heartbeat', async (over) => {
    expect((await create(over)).status).toBe(400)
  })

  test('a slug and a UUID belong to one only', async () => {
    await create()
    expect((await create({ uuid: OTHER })).body.detail).toBe(
      'another heartbeat has the slug "nightly-backup"',
    )
    expect((await create({ name: 'another' })).body.detail).toBe('another heartbeat has the uuid')
  })
})

describe('changing a heartbeat', () => {
  test('keeps what is not said, and tells the correlator all of it', async () => {
    const { body } = await create({ periodSeconds: 600, labels: { host: 'db-1' } })
    await published()
    const { status, body: changed } = await call('PATCH', `/api/v1/heartbeats/${body.id}`, {
      graceSeconds: 30,
    })
    expect(status).toBe(200)
    expect(changed).toMatchObject({
      periodSeconds: 600,
      graceSeconds: 30,
      labels: { host: 'db-1' },
      version: 2,
    })
    const [record] = await published()
    expect(record?.change).toMatchObject({
      definition: { graceMs: 30_000, labels: { host: 'db-1' } },
    })
  })

  test('another kind of schedule replaces the old one', async () => {
    const { body } = await create({ periodSeconds: 600 })
    const cron = { schedule: '0 3 * * *', timeZone: 'Europe/Berlin' }
    const url = `/api/v1/heartbeats/${body.id}`
    expect((await call('PATCH', url, cron)).body).toMatchObject({ scheduleKind: 'cron', ...cron })
    expect((await call('PATCH', url, { schedule: '0 4 * * *' })).body).toMatchObject({
      timeZone: 'Europe/Berlin',
    })
    const period = (await call('PATCH', url, { periodSeconds: 60 })).body
    expect(period).toMatchObject({ scheduleKind: 'period', periodSeconds: 60 })
    expect(period.schedule).toBeUndefined()
  })

  test('a source is set and taken away', async () => {
    const { body } = await create({ source: { name: 'alertmanager' } })
    expect(body.source).toEqual({ name: 'alertmanager', labels: {}, deliveries: false })
    const { body: changed } = await call('PATCH', `/api/v1/heartbeats/${body.id}`, { source: null })
    expect(changed.source).toBeUndefined()
  })

  test('loses a race by If-Match', async () => {
    const { body } = await create()
    const url = `/api/v1/heartbeats/${body.id}`
    expect((await call('PATCH', url, { graceSeconds: 30 }, { 'if-match': '"7"' })).status).toBe(412)
    expect((await call('PATCH', url, { graceSeconds: 30 }, { 'if-match': '"1"' })).status).toBe(200)
  })

  test('pause and resume go to the correlator, and are shown at once', async () => {
    const { body } = await create()
    await published()
    const url = `/api/v1/heartbeats/${body.id}`
    expect((await call('POST', `${url}/resume`)).status).toBe(409)
    expect((await call('POST', `${url}/pause`)).body.status).toBe('paused')
    expect((await call('POST', `${url}/resume`)).body.status).toBe('new')
    expect((await published()).map(({ change }) => change)).toEqual([
      { action: 'pause', id: body.id },
      { action: 'resume', id: body.id },
    ])
  })

  test('deleted, it is gone, its slug and UUID are free, and late word of it changes nothing', async () => {
    const { body } = await create()
    const url = `/api/v1/heartbeats/${body.id}`
    expect((await call('DELETE', url)).status).toBe(204)
    await tell(body.id, { status: 'up', version: 9 })
    expect((await call('GET', url)).status).toBe(404)
    expect((await call('DELETE', url)).status).toBe(404)
    expect((await get('/api/v1/heartbeats')).items).toEqual([])
    expect((await create()).status).toBe(201)
    expect((await published()).map(({ change }) => change.action)).toEqual([
      'define',
      'delete',
      'define',
    ])
  })

  test('everything that people do is in the audit log, without the UUID', async () => {
    const { body } = await create()
    await call('POST', `/api/v1/heartbeats/${body.id}/pause`)
    const { items } = await get('/api/v1/audit')
    expect(items.map(({ action }: { action: string }) => action)).toEqual([
      'heartbeat.pause',
      'heartbeat.create',
    ])
    expect(JSON.stringify(items)).not.toContain(UUID)
  })
})

describe('what the correlator tells', () => {
  test('is shown: status, times, pings, transitions', async () => {
    const { body } = await create()
    const transition = { version: 2, at: START, from: 'new', to: 'up', reason: 'pinged' }
    await tell(
      body.id,
      {
        version: 3,
        status: 'up',
        pingCount: 2,
        lastPingAt: START,
        nextDueAt: START + HOUR_MS,
        graceEndsAt: START + 2 * HOUR_MS,
        graceRestartedAt: START,
        lastDurationMs: 1_500,
      },
      {
        transitions: [transition],
        pings: [ping(1, { signal: 'start' }), ping(2, { body: 'done', bodyBytes: 4 })],
      },
    )
    desk.setTime(START + HOUR_MS)
    expect(await get('/api/v1/heartbeats/nightly-backup')).toMatchObject({
      status: 'up',
      pingCount: 2,
      lastPingAt: '2026-03-02T09:00:00.000Z',
      nextDueAt: '2026-03-02T10:00:00.000Z',
      graceEndsAt: '2026-03-02T11:00:00.000Z',
      graceRestartedAt: '2026-03-02T09:00:00.000Z',
      lastDurationSeconds: 1.5,
      uptime: 1,
    })
    expect((await get(`/api/v1/heartbeats/${body.id}/pings`)).items).toEqual([
      { number: 2, at: '2026-03-02T09:00:00.002Z', signal: 'success', body: 'done', bodyBytes: 4 },
      { number: 1, at: '2026-03-02T09:00:00.001Z', signal: 'start' },
    ])
    expect((await get(`/api/v1/heartbeats/${body.id}/transitions`)).items).toEqual([
      { ...transition, at: '2026-03-02T09:00:00.000Z' },
    ])
  })

  test('only where it is newer; told twice, it is there once', async () => {
    const { body } = await create()
    const told = {
      pings: [ping(1)],
      transitions: [{ version: 4, at: START, from: 'new', to: 'up', reason: 'pinged' }],
    }
    await tell(body.id, { version: 5, status: 'up' }, told)
    const before = await dumpDesk(database, ['positions'])
    await tell(body.id, { version: 4, status: 'down' }, { pings: [ping(7)] })
    await tell(body.id, { version: 5, status: 'up' }, told)
    expect(await dumpDesk(database, ['positions'])).toEqual(before)
  })

  test(`keeps the newest ${PINGS_KEPT} pings, page by page`, async () => {
    const { body } = await create()
    const all = Array.from({ length: PINGS_KEPT + 30 }, (_, i) => ping(i + 1))
    await tell(body.id, { version: 2 }, { pings: all })
    const first = await get(`/api/v1/heartbeats/${body.id}/pings?limit=80`)
    const second = await get(
      `/api/v1/heartbeats/${body.id}/pings?limit=80&cursor=${first.nextCursor}`,
    )
    const numbers = [...first.items, ...second.items].map((item: { number: number }) => item.number)
    expect(numbers).toEqual(Array.from({ length: PINGS_KEPT }, (_, i) => PINGS_KEPT + 30 - i))
    expect(second.nextCursor).toBeUndefined()
  })

  test('makes a heartbeat that a Watchdog asked for, which people may change then', async () => {
    const definition = {
      id: 'watchdog-0123456789abcdef',
      name: 'alertmanager eu silent',
      scope: 'default',
      schedule: { kind: 'period' as const, periodMs: HOUR_MS },
      graceMs: MINUTE_MS,
      severity: 'critical' as const,
      labels: { cluster: 'eu' },
      manualResume: false,
      postOnly: false,
      source: { name: 'alertmanager', labels: { cluster: 'eu' }, deliveries: false },
    }
    await tell(definition.id, { definition, status: 'up' })
    const [shown] = (await get('/api/v1/heartbeats?source=alertmanager')).items
    expect(shown).toMatchObject({
      slug: 'alertmanager-eu-silent-89abcdef',
      createdBy: 'correlator',
      status: 'up',
    })
    expect(shown.pingUrl).toBeUndefined()
    await call('PATCH', `/api/v1/heartbeats/${definition.id}`, { graceSeconds: 120 })
    expect((await published())[0]?.change).toMatchObject({
      definition: { id: definition.id, graceMs: 120_000, source: definition.source },
    })
    // Deleted, it comes back with the next Watchdog: a new life, and newer.
    await call('DELETE', `/api/v1/heartbeats/${definition.id}`)
    await tell(definition.id, { definition, status: 'up', version: START + DAY_MS })
    expect((await get('/api/v1/heartbeats')).items.length).toBe(1)
  })

  test('of nobody, it is nothing', async () => {
    await tell('hb-nobody', { status: 'up' })
    expect((await get('/api/v1/heartbeats')).items).toEqual([])
  })

  test('that lacks a field is a dead letter, and the rest goes on', async () => {
    const { body } = await create()
    await desk.say({
      ...outputs(START),
      outputs: [{ kind: 'heartbeat', heartbeat: { id: 'x' }, pings: [], transitions: [] }],
    })
    await tell(body.id, { status: 'up' })
    expect((await get('/api/v1/heartbeats')).items[0].status).toBe('up')
  })
})

describe('the list', () => {
  test('is filtered by status, tag and name, newest first, page by page', async () => {
    for (const [i, name] of ['one', 'two', 'three'].entries()) {
      desk.setTime(START + i * MINUTE_MS)
      await create({ name, uuid: OTHER.replace('5', String(i)), tags: i === 1 ? ['nightly'] : [] })
    }
    const names = async (query: string) =>
      (await get(`/api/v1/heartbeats${query}`)).items.map(({ name }: { name: string }) => name)
    expect(await names('')).toEqual(['three', 'two', 'one'])
    expect(await names('?tag=nightly')).toEqual(['two'])
    expect(await names('?q=TH')).toEqual(['three'])
    expect(await names('?status=up')).toEqual([])
    expect(await names('?status=new&status=up')).toEqual(['three', 'two', 'one'])
    const first = await get('/api/v1/heartbeats?limit=2')
    const second = await get(`/api/v1/heartbeats?limit=2&cursor=${first.nextCursor}`)
    expect(second.items.map(({ name }: { name: string }) => name)).toEqual(['one'])
  })
})

describe('time', () => {
  test('forgets what is deleted a day later, and transitions after 90 days', async () => {
    const { body } = await create()
    const old = { version: 2, at: START, from: 'new', to: 'up', reason: 'pinged' }
    const young = { version: 3, at: START + 89 * DAY_MS, from: 'up', to: 'late', reason: 'due' }
    await tell(body.id, { version: 4 }, { pings: [ping(1)], transitions: [old, young] })
    await desk.append(tickCommand(START + 91 * DAY_MS))
    expect((await get(`/api/v1/heartbeats/${body.id}/transitions`)).items).toMatchObject([
      { version: 3 },
    ])
    desk.setTime(START + 91 * DAY_MS)
    await call('DELETE', `/api/v1/heartbeats/${body.id}`)
    await desk.append(tickCommand(START + 92 * DAY_MS))
    expect((await dumpDesk(database)).heartbeats?.length).toBe(1)
    await desk.append(tickCommand(START + 93 * DAY_MS))
    const dump = await dumpDesk(database)
    expect([dump.heartbeats, dump.heartbeat_pings, dump.heartbeat_transitions]).toEqual([
      [],
      [],
      [],
    ])
  })
})

describe('the badge', () => {
  test('is open, small, and tells nothing of the ping URL', async () => {
    const { body } = await create({ name: 'a <b> & "c"' })
    await tell(body.id, { status: 'down' })
    const answer = await desk.app.inject(new URL(body.badgeUrl).pathname)
    expect(answer.headers['content-type']).toBe('image/svg+xml')
    expect(answer.body).toContain('a &lt;b&gt; &amp; &quot;c&quot;: down')
    expect(answer.body).not.toContain(UUID)
    expect(body.badgeUrl).not.toContain(UUID.slice(0, 8))
  })

  test('of nothing is not found', async () => {
    expect((await desk.app.inject(`/badge/${'0'.repeat(32)}.svg`)).statusCode).toBe(404)
    expect((await desk.app.inject('/badge/x')).statusCode).toBe(404)
  })
})

describe('whom pings are for', () => {
  test('is told change by change; a slug only once the correlator knows it', async () => {
    const { queries } = desk.desk
    const { body } = await create()
    const [made] = await queries.heartbeatAddresses(0, 10)
    expect(made).toMatchObject({ id: body.id, address: { uuid: UUID, isKnown: false } })
    expect(await queries.findHeartbeatAddress({ uuid: UUID })).toMatchObject({ id: body.id })
    expect(await queries.findHeartbeatAddress({ slug: 'nightly-backup' })).toBeUndefined()
    await tell(body.id)
    expect(await queries.findHeartbeatAddress({ slug: 'nightly-backup' })).toMatchObject({
      id: body.id,
    })
    const [known] = await queries.heartbeatAddresses(made!.change, 10)
    expect(known).toMatchObject({ address: { isKnown: true } })
    // Pings change nothing of its address.
    await tell(body.id, { version: 2, status: 'up' })
    expect(await queries.heartbeatAddresses(known!.change, 10)).toEqual([])
    await call('DELETE', `/api/v1/heartbeats/${body.id}`)
    const [gone] = await queries.heartbeatAddresses(known!.change, 10)
    expect(gone).toMatchObject({ id: body.id })
    expect(gone?.address).toBeUndefined()
  })

  test('a ping that creates makes one, and one only', async () => {
    const command = (id: string, uuid: string) => ({
      id,
      at: START,
      actor: 'ping',
      action: 'heartbeat.ensure',
      target: 'heartbeats',
      body: { slug: 'web-1', uuid },
    })
    await desk.append(command('c1', UUID))
    await desk.append(command('c2', OTHER))
    const { items } = await get('/api/v1/heartbeats')
    expect(items).toMatchObject([{ slug: 'web-1', name: 'web-1', createdBy: 'ping' }])
    expect(items[0].pingUrl).toContain(UUID)
  })
})
