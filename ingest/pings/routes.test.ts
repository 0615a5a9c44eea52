// Pings over HTTP, byte for byte as healthchecks.io, Uptime Kuma and Opsgenie answer them.
import { Buffer } from 'node:buffer'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import {
  DirectoryUnavailableError,
  type HeartbeatAddress,
  type HeartbeatDirectory,
} from '../../domain/ports/heartbeats.ts'
import { type PingRecord, partitionOfScope } from '../../domain/records.ts'
import { createMemoryLog } from '../../domain/testing/memory-log.ts'
import { createPingIntake } from './intake.ts'
import { opsgeniePingRoutes, pingRoutes } from './routes.ts'

const UUID = '5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278'
const OTHER = '00000000-0000-4000-8000-000000000000'
const RID = '123e4567-e89b-12d3-a456-426614174000'
const NOW = 1_772_409_600_000
const KEY = 'fqOOd6-F4MMNuCEnzTU01w'

const backup: HeartbeatAddress = {
  id: 'hb-1',
  scope: 'eu',
  slug: 'database-backup',
  name: 'Database Backup',
  uuid: UUID,
  isKnown: true,
}

const createDirectory = (): HeartbeatDirectory & { made: string[] } => {
  const made: string[] = []
  return {
    made,
    byUuid: async (uuid) => (uuid === UUID ? backup : undefined),
    bySlug: async (slug) => (slug === backup.slug ? backup : undefined),
    byName: async (name) => ([backup.name, backup.slug].includes(name) ? backup : undefined),
    provision: async (slug) => {
      if (slug === backup.slug) return { address: backup, created: false }
      made.push(slug)
      return { address: { ...backup, id: `hb-${slug}`, slug }, created: true }
    },
    scopes: () => new Set(['eu']),
  }
}

const apps: FastifyInstance[] = []
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close()
})

const open = async (over: { directory?: HeartbeatDirectory; logAway?: true } = {}) => {
  const log = createMemoryLog()
  log.unavailable = over.logAway ?? false
  const directory = over.directory ?? createDirectory()
  const counted: string[] = []
  const pings = createPingIntake({
    log,
    clock: { now: () => NOW },
    directory,
    count: (kind) => counted.push(kind),
  })
  const app = Fastify()
  apps.push(app)
  const limits = { pingBodyBytesMax: 20, pingRequestBytesMax: 1_000 }
  await app.register(pingRoutes({ pings, mayPing: async (key) => key === KEY, limits }))
  await app.register(opsgeniePingRoutes({ pings }))
  const taken = () => log.records('events') as PingRecord[]
  return { app, taken, log, counted, directory }
}

describe('healthchecks.io pings', () => {
  test.each([
    ['GET', '', { signal: 'success' }],
    ['POST', '', { signal: 'success' }],
    ['GET', '/start', { signal: 'start' }],
    ['POST', '/fail', { signal: 'fail' }],
    ['POST', '/log', { signal: 'log' }],
    ['GET', '/0', { signal: 'success', exitStatus: 0 }],
    ['GET', '/1', { signal: 'fail', exitStatus: 1 }],
    ['GET', '/255', { signal: 'fail', exitStatus: 255 }],
    ['GET', `?rid=${RID}`, { signal: 'success', rid: RID }],
    ['GET', `/start?rid=${RID.toUpperCase()}`, { signal: 'start', rid: RID }],
  ] as const)(
    '%s /ping/<uuid>%s is taken, and answered once it is durable',
    async (method, tail, said) => {
      const { app, taken, log } = await open()
      const answer = await app.inject({ method, url: `/ping/${UUID}${tail}` })
      expect([answer.statusCode, answer.body]).toEqual([200, 'OK'])
      expect(answer.headers).toMatchObject({
        'content-type': 'text/plain; charset=utf-8',
        'access-control-allow-origin': '*',
        'ping-body-limit': '20',
      })
      expect(taken()).toEqual([
        {
          kind: 'ping',
          heartbeatId: 'hb-1',
          at: NOW,
          method,
          from: '127.0.0.1',
          userAgent: 'lightMyRequest',
          ...said,
        },
      ])
      expect(log.stored('events', partitionOfScope('eu', 4)).length).toBe(1)
    },
  )

  test('HEAD is a ping, too', async () => {
    const { app, taken } = await open()
    const answer = await app.inject({ method: 'HEAD', url: `/ping/${UUID}` })
    expect(answer.statusCode).toBe(200)
    expect(taken()).toMatchObject([{ method: 'HEAD', signal: 'success' }])
  })

  test.each([
    ['an unknown UUID', `/ping/${OTHER}`, 404, 'not found'],
    ['an unknown UUID with a signal', `/ping/${OTHER}/start`, 404, 'not found'],
    ['an exit status beyond 255', `/ping/${UUID}/256`, 400, 'invalid url format'],
    ['a signal that there is not', `/ping/${UUID}/stop`, 400, 'invalid url format'],
    ['a run id that is no UUID', `/ping/${UUID}?rid=17`, 400, 'invalid uuid format'],
    ['a key without a slug', `/ping/${KEY}`, 400, 'invalid url format'],
    ['a slug in capitals', `/ping/${KEY}/DB`, 400, 'invalid url format'],
    ['an unknown slug', `/ping/${KEY}/web`, 404, 'not found'],
    ['another key', '/ping/guess/database-backup', 404, 'not found'],
    ['another key that would create', '/ping/guess/web?create=1', 404, 'not found'],
  ])('%s is refused, and leaves nothing in the log', async (_, url, status, body) => {
    const { app, taken, directory } = await open()
    const answer = await app.inject({ url })
    expect([answer.statusCode, answer.body]).toEqual([status, body])
    expect(taken()).toEqual([])
    expect((directory as { made?: string[] }).made).toEqual([])
  })

  test('a slug stands for its heartbeat, with every signal', async () => {
    const { app, taken } = await open()
    for (const tail of ['', '/start', '/fail', '/log', '/3'])
      expect((await app.inject({ url: `/ping/${KEY}/database-backup${tail}` })).body).toBe('OK')
    expect(taken().map(({ signal }) => signal)).toEqual(['success', 'start', 'fail', 'log', 'fail'])
  })

  test('create=1 makes a heartbeat of a new slug, and only of a new one', async () => {
    const { app, taken } = await open()
    const made = await app.inject({ url: `/ping/${KEY}/web-1/start?create=1` })
    expect([made.statusCode, made.body]).toEqual([201, 'Created'])
    const known = await app.inject({ url: `/ping/${KEY}/database-backup?create=1` })
    expect([known.statusCode, known.body]).toEqual([200, 'OK'])
    expect(taken()).toMatchObject([
      { heartbeatId: 'hb-web-1', signal: 'start' },
      { heartbeatId: 'hb-1', signal: 'success' },
    ])
  })

  test.each([
    ['text/plain', 'Hello World', 'Hello World'],
    ['application/json', '{"broken', '{"broken'],
    ['application/x-www-form-urlencoded', 'a=1', 'a=1'],
    ['nonsense', 'Hello', 'Hello'],
    ['text/plain', 'a much longer body than what is kept of it', 'a much longer body t'],
  ])('a body of type %s is kept as far as the limit', async (type, body, kept) => {
    const { app, taken } = await open()
    const headers = { 'content-type': type }
    const answer = await app.inject({
      method: 'POST',
      url: `/ping/${UUID}`,
      headers,
      payload: body,
    })
    expect(answer.statusCode).toBe(200)
    expect(taken()).toMatchObject([{ body: kept, bodyBytes: Buffer.byteLength(body) }])
  })

  test('bytes that are no UTF-8 are kept as text that can be shown', async () => {
    const { app, taken } = await open()
    const payload = Buffer.from([0xff, 0xfe, 0x41])
    await app.inject({ method: 'POST', url: `/ping/${UUID}`, payload })
    expect(taken()[0]?.body).toBe('��A')
  })

  test('a body beyond all measure is answered with 413', async () => {
    const { app, taken } = await open()
    const answer = await app.inject({
      method: 'POST',
      url: `/ping/${UUID}`,
      payload: 'x'.repeat(2_000),
    })
    expect(answer.statusCode).toBe(413)
    expect(taken()).toEqual([])
  })

  test.each([
    ['the log', { logAway: true as const }],
    [
      'the directory',
      {
        directory: {
          ...createDirectory(),
          byUuid: async () => {
            throw new DirectoryUnavailableError('away')
          },
        },
      },
    ],
  ])('while %s is away the sender is told to come again', async (_, over) => {
    const { app, counted } = await open(over)
    const answer = await app.inject({ url: `/ping/${UUID}` })
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBe('5')
    expect(counted).toEqual(['unavailable'])
  })

  test('what became of pings is counted', async () => {
    const { app, counted } = await open()
    await app.inject({ url: `/ping/${UUID}` })
    await app.inject({ url: `/ping/${OTHER}` })
    expect(counted).toEqual(['taken', 'unknown'])
  })
})

describe('Uptime Kuma pushes', () => {
  const token = UUID.replaceAll('-', '')

  test.each([
    ['', { signal: 'success' }],
    ['?status=up&msg=OK&ping=', { signal: 'success', body: 'OK', bodyBytes: 2 }],
    ['?status=down&msg=no%20route', { signal: 'fail', body: 'no route' }],
    ['?status=up&msg=OK&ping=12.7', { signal: 'success', durationMs: 13 }],
  ])('%j is taken', async (query, said) => {
    for (const name of [token, UUID]) {
      const { app, taken } = await open()
      const answer = await app.inject({ url: `/api/push/${name}${query}` })
      expect([answer.statusCode, answer.json()]).toEqual([200, { ok: true }])
      expect(taken()).toMatchObject([said])
    }
  })

  test.each([
    ['an unknown token', `/api/push/${OTHER}`, 'Monitor not found or not active.'],
    ['what is no token', '/api/push/abc', 'Monitor not found or not active.'],
    [
      'a negative ping',
      `/api/push/${token}?ping=-1`,
      'Invalid ping value. Must be between 0 and 100000000000 ms.',
    ],
  ])('%s is refused', async (_, url, msg) => {
    const { app, taken } = await open()
    const answer = await app.inject({ url })
    expect([answer.statusCode, answer.json()]).toEqual([404, { ok: false, msg }])
    expect(taken()).toEqual([])
  })
})

describe('Opsgenie heartbeat pings', () => {
  test.each(['GET', 'POST', 'PUT', 'PATCH'] as const)('%s names the heartbeat', async (method) => {
    const { app, taken } = await open()
    for (const name of ['Database%20Backup', 'database-backup']) {
      const answer = await app.inject({ method, url: `/v2/heartbeats/${name}/ping` })
      expect(answer.statusCode).toBe(202)
      expect(answer.json()).toMatchObject({ result: 'PONG - Heartbeat received', took: 0 })
    }
    expect(taken().length).toBe(2)
  })

  test('one that there is not is answered with 404', async () => {
    const { app } = await open()
    const answer = await app.inject({ method: 'POST', url: '/v2/heartbeats/nobody/ping' })
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toMatchObject({ message: 'There is no heartbeat nobody.' })
  })
})
