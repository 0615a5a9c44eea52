// Heartbeats at the desk: what the correlator tells of them, and what is shown to whom.
import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/time.ts'
import { openPgliteDesk } from '../../runtime/adapters/desk-pglite.ts'
import { tickCommand } from '../commands/tick.ts'
import { dumpDesk } from '../testing/empty.ts'
import {
  call,
  create,
  database,
  desk,
  get,
  OTHER,
  ping,
  published,
  tell,
  UUID,
  useDesk,
} from '../testing/heartbeats.ts'
import { outputs, START } from '../testing/records.ts'
import { PINGS_KEPT } from './limits.ts'

useDesk(() => openPgliteDesk({}))

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
