// How deliveries are let in through the real server: wherever the token stands, and never logged.
import { Writable } from 'node:stream'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { createMemoryLog } from '../../domain/testing/memory-log.ts'
import { createAdmission } from '../../ingest/admission.ts'
import { createIntake } from '../../ingest/intake.ts'
import { ingestRoutes } from '../../ingest/routes.ts'
import { defaultIngestSettings } from '../../ingest/settings.ts'
import { loadConfig } from '../config/load.ts'
import { createLogger } from '../observe/logger.ts'
import { createMetrics } from '../observe/metrics.ts'
import { LOCAL_IDENTITY, sha256Hex } from './identity.ts'
import type { PeopleDoor } from './people-door.ts'
import { createServer } from './server.ts'

const TOKEN = 'fli0123456789abcdef0123456789abc'
const auth = {
  tokens: [
    { name: 'ci', sha256: sha256Hex('of-config'), access: 'ingest' as const },
    { name: 'reader', sha256: sha256Hex('of-reader'), access: 'read' as const },
  ],
}

let app: FastifyInstance
afterEach(() => app.close())

/** Fails inside, as a bug would. */
const broken: FastifyPluginAsync = async (scope) => {
  scope.post('/broken', () => {
    throw new Error('a bug')
  })
}

const serve = async (config: Parameters<typeof loadConfig>[1] = { auth }, people?: PeopleDoor) => {
  const log = createMemoryLog()
  const logged: string[] = []
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      logged.push(String(chunk))
      done()
    },
  })
  const senders: string[] = []
  const refused: unknown[][] = []
  const clock = { now: () => 0 }
  const intake = createIntake({
    log,
    clock,
    settings: defaultIngestSettings,
    report: (sender) => senders.push(sender),
  })
  const loaded = loadConfig(undefined, config)
  const fixed = loaded.auth.tokens.filter(({ access }) => access !== 'read')
  const admission = createAdmission(fixed)
  const integration = { id: 'int-1', name: 'shop' }
  const limits = { deliveriesPerMinuteMax: 100, newFingerprintsPerMinuteMax: 100 }
  admission.replaceKeys([
    { name: 'shop', sha256: sha256Hex(TOKEN), integration: { ...integration, ...limits } },
  ])
  app = await createServer({
    config: loaded,
    logger: createLogger('trace', sink),
    metrics: createMetrics(),
    parts: [],
    ingest: [ingestRoutes(intake), broken],
    desk: [],
    ingestDoor: { admission, clock, refused: (...told) => refused.push(told) },
    ...(people === undefined ? {} : { people }),
  })
  const post = (url: string, headers: Record<string, string> = {}, body: object = EVENT) =>
    app.inject({
      method: 'POST',
      url,
      headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
      payload: JSON.stringify(body),
    })
  return { post, senders, refused, logged }
}

const EVENT = { name: 'DiskFull', labels: { host: 'db-1' } }
const PAGE = {
  event_action: 'trigger',
  payload: { summary: 'Disk full', source: 'db-1', severity: 'critical' },
}
const basic = `Basic ${Buffer.from(`x:${TOKEN}`).toString('base64')}`

describe('a token lets a delivery in', () => {
  test.each([
    ['a bearer header', '/api/v1/events', { authorization: `Bearer ${TOKEN}` }, EVENT],
    ['a basic header', '/webhooks/native', { authorization: basic }, EVENT],
    ['a GenieKey header', '/v2/alerts', { authorization: `GenieKey ${TOKEN}` }, { message: 'x' }],
    ['a header of its own', '/api/v1/events', { 'x-api-key': TOKEN }, EVENT],
    ['the URL', `/i/${TOKEN}/webhooks/native`, {}, EVENT],
    ['the URL of another route', `/i/${TOKEN}/api/v1/events`, {}, EVENT],
    ['the body of a PagerDuty event', '/v2/enqueue', {}, { routing_key: TOKEN, ...PAGE }],
    ['the body of its webhook', '/webhooks/pagerduty', {}, { routing_key: TOKEN, ...PAGE }],
  ])('in %s', async (_where, url, headers, body) => {
    const { post, senders } = await serve()
    expect((await post(url, headers as Record<string, string>, body)).statusCode).toBeLessThan(300)
    expect(senders).toEqual(['int-1'])
  })

  test('of the configuration still does, as nobody’s integration', async () => {
    const { post, senders } = await serve()
    const answer = await post('/api/v1/events', { authorization: 'Bearer of-config' })
    expect([answer.statusCode, senders]).toEqual([200, ['source:native']])
  })
})

test('an admin who is signed in delivers by the session, from our own pages only', async () => {
  const { post, senders } = await serve(undefined, {
    byToken: async () => undefined,
    bySession: async (secret) =>
      secret === 'of-admin' ? { ...LOCAL_IDENTITY, by: 'session' } : undefined,
    closed: async () => true,
    forget: () => {},
  })
  const own = { origin: 'http://localhost' }
  const cookie = (secret: string) => ({ cookie: `a=b; faultline=${secret}` })
  const statusOf = async (headers: Record<string, string>) =>
    (await post('/api/v1/events', headers)).statusCode
  expect(await statusOf({ ...cookie('of-admin'), ...own })).toBe(200)
  expect(senders).toEqual(['source:native'])
  expect(await statusOf({ ...cookie('guess'), ...own })).toBe(401)
  expect(await statusOf({ ...cookie('of-admin'), origin: 'http://elsewhere' })).toBe(403)
  expect(await statusOf(cookie('of-admin'))).toBe(403)
})

describe('nobody else gets in', () => {
  test.each([
    ['without a token', '/api/v1/events', {}, EVENT, 401],
    ['with a wrong one', '/api/v1/events', { authorization: 'Bearer guess' }, EVENT, 401],
    ['with a wrong one in the URL', '/i/guess/webhooks/native', {}, EVENT, 401],
    ['with one for reading', '/api/v1/events', { authorization: 'Bearer of-reader' }, EVENT, 403],
    ['without a routing key', '/v2/enqueue', {}, PAGE, 401],
    ['with a wrong routing key', '/v2/enqueue', {}, { routing_key: 'guess', ...PAGE }, 401],
  ])('%s', async (_what, url, headers, body, status) => {
    const { post } = await serve()
    expect((await post(url, headers as Record<string, string>, body)).statusCode).toBe(status)
  })

  test('and whoever does not is among the deliveries that failed', async () => {
    const { post, refused } = await serve()
    await post('/webhooks/zabbix', { authorization: 'Bearer guess' })
    expect(refused).toMatchObject([['zabbix', 401, 'not-admitted', expect.any(String)]])
  })

  test('fault 16: after too many guesses not even with a right one, for a while', async () => {
    const { post, refused } = await serve()
    for (let i = 0; i < 21; i++) await post('/api/v1/events', { authorization: `Bearer guess${i}` })
    const answer = await post('/api/v1/events', { authorization: `Bearer ${TOKEN}` })
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '900'])
    expect(refused.at(-1)).toMatchObject(['native', 429, 'locked-out', expect.any(String)])
  })

  test('to the desk with an integration’s token', async () => {
    await serve()
    const headers = { host: 'localhost', authorization: `Bearer ${TOKEN}` }
    expect((await app.inject({ url: '/api/v1/incidents', headers })).statusCode).not.toBe(200)
  })
})

describe('an open installation', () => {
  test('takes what comes without a token, and knows an integration by its own', async () => {
    const { post, senders } = await serve({})
    for (const url of ['/api/v1/events', `/i/${TOKEN}/api/v1/events`, '/i/other/api/v1/events'])
      expect((await post(url)).statusCode).toBe(200)
    await post('/v2/enqueue', {}, { routing_key: TOKEN, ...PAGE })
    await post('/v2/enqueue', {}, { routing_key: 'anything', ...PAGE })
    expect(senders).toEqual([
      'source:native',
      'int-1',
      'source:native',
      'int-1',
      'source:pagerduty',
    ])
  })

  test('serves no foreign name, whatever the body says', async () => {
    const { post } = await serve({})
    const answer = await post(
      '/v2/enqueue',
      { host: 'evil.example' },
      { routing_key: 'x', ...PAGE },
    )
    expect(answer.statusCode).toBe(421)
  })
})

test('a token in the URL reaches no log line and no description', async () => {
  const { post, logged } = await serve()
  expect((await post(`/i/${TOKEN}/broken`)).statusCode).toBe(500)
  await post(`/i/${TOKEN}/webhooks/native`, {}, { name: '' })
  expect(logged.join('')).toContain('/i/[redacted]/broken')
  expect(logged.join('')).not.toContain(TOKEN)
  const { paths } = (
    await app.inject({ url: '/openapi.json', headers: { host: 'localhost' } })
  ).json()
  expect(Object.keys(paths).filter((path) => path.startsWith('/i/'))).toEqual([])
})
