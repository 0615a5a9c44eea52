// What the server promises whatever the roles do: access, errors, health, headers.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { Writable } from 'node:stream'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { LogUnavailableError } from '../../domain/ports/log.ts'
import { loadConfig } from '../config/load.ts'
import type { ConfigInput } from '../config/schema.ts'
import { createLogger, type Logger } from '../observe/logger.ts'
import { createMetrics } from '../observe/metrics.ts'
import { isLoopback, presentedToken } from './access.ts'
import { createServer, type Part } from './server.ts'

const silent = createLogger('fatal', new Writable({ write: (_chunk, _encoding, done) => done() }))

const desk: FastifyPluginAsync = async (app) => {
  app.get('/api/v1/incidents', (request) => ({ actor: request.actor }))
  app.post('/api/v1/incidents/:id/acknowledge', (request) => ({ actor: request.actor }))
  app.get('/api/v1/broken', () => {
    throw new Error('the password is hunter2')
  })
  app.get('/api/v1/full', () => {
    throw new LogUnavailableError('disk full')
  })
}
const ingest: FastifyPluginAsync = async (app) => {
  app.post('/ingest', (request) => ({ actor: request.actor }))
}

let app: FastifyInstance | undefined
afterEach(async () => {
  await app?.close()
  app = undefined
})

const serve = async (
  config: ConfigInput = {},
  parts: Part[] = [],
  limits: { requestTimeoutMs?: number; logger?: Logger } = {},
): Promise<FastifyInstance> => {
  app = await createServer({
    config: loadConfig(undefined, config),
    logger: silent,
    metrics: createMetrics(),
    parts,
    ...limits,
    ingest: [ingest],
    desk: [desk],
  })
  return app
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const tokens = (['ingest', 'read', 'full'] as const).map((access) => ({
  name: `${access}-token`,
  sha256: sha256(`secret-${access}`),
  access,
}))
const local = { host: 'localhost:8080' }

describe('access with tokens', () => {
  test.each([
    ['POST', '/ingest', 'ingest', 200],
    ['POST', '/ingest', 'full', 200],
    ['POST', '/ingest', 'read', 403],
    ['GET', '/api/v1/incidents', 'read', 200],
    ['GET', '/api/v1/incidents', 'ingest', 403],
    ['POST', '/api/v1/incidents/1/acknowledge', 'read', 403],
    ['POST', '/api/v1/incidents/1/acknowledge', 'full', 200],
    ['GET', '/api/v1/incidents', 'wrong', 401],
    ['GET', '/api/v1/incidents', undefined, 401],
    ['GET', '/healthz', undefined, 200],
  ] as const)('%s %s with the %s token answers %d', async (method, url, token, status) => {
    const server = await serve({ auth: { tokens } })
    const headers = token === undefined ? {} : { authorization: `Bearer secret-${token}` }
    expect((await server.inject({ method, url, headers })).statusCode).toBe(status)
  })

  test('the token’s name is the actor', async () => {
    const server = await serve({ auth: { tokens } })
    const headers = { authorization: 'Bearer secret-full' }
    const answer = await server.inject({
      method: 'POST',
      url: '/api/v1/incidents/1/acknowledge',
      headers,
    })
    expect(answer.json()).toEqual({ actor: 'full-token' })
  })

  test.each([
    ['Bearer abc', 'abc'],
    ['GenieKey abc', 'abc'],
    [`Basic ${Buffer.from('user:abc').toString('base64')}`, 'abc'],
    ['abc', undefined],
    ['Digest abc', undefined],
    [undefined, undefined],
  ])('Authorization: %s presents %s', (header, expected) => {
    expect(presentedToken(header)).toBe(expected)
  })
})

describe('an open installation', () => {
  test('serves localhost as the local actor', async () => {
    const server = await serve()
    const answer = await server.inject({ url: '/api/v1/incidents', headers: local })
    expect(answer.json()).toEqual({ actor: 'local' })
  })

  test('refuses a foreign name that resolves to loopback', async () => {
    const server = await serve()
    const headers = { host: 'evil.example:8080' }
    expect((await server.inject({ url: '/api/v1/incidents', headers })).statusCode).toBe(421)
  })

  test.each([
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ])('refuses a write from another site’s page (%j)', async (headers) => {
    const server = await serve()
    const answer = await server.inject({
      method: 'POST',
      url: '/api/v1/incidents/1/acknowledge',
      headers: { ...local, ...headers },
    })
    expect(answer.statusCode).toBe(403)
  })

  test.each([
    ['127.0.0.1', true],
    ['127.8.8.8', true],
    ['localhost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['localhost.evil.example', false],
    ['10.0.0.1', false],
  ])('%s is loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected)
  })
})

describe('errors', () => {
  test('an inner fault is a problem that tells nothing of the inside', async () => {
    const server = await serve()
    const answer = await server.inject({ url: '/api/v1/broken', headers: local })
    expect(answer.statusCode).toBe(500)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.body).not.toContain('hunter2')
  })

  test('is logged without what a URL may carry', async () => {
    const lines: string[] = []
    const logger = createLogger('trace', { write: (line) => void lines.push(line) })
    const server = await serve({}, [], { logger })
    await server.inject({ url: '/api/v1/broken?token=s3cr3t', headers: local })
    expect(lines.join('')).toContain('/api/v1/broken?[redacted]')
    expect(lines.join('')).not.toContain('s3cr3t')
  })

  test('a log that takes nothing is 503 with Retry-After', async () => {
    const server = await serve()
    const answer = await server.inject({ url: '/api/v1/full', headers: local })
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBe('5')
  })

  test('what nothing answers is a problem too', async () => {
    const server = await serve()
    const answer = await server.inject({ url: '/nope', headers: local })
    expect(answer.json()).toMatchObject({ status: 404, reason: 'not-found' })
  })
})

describe('a slow sender (fault 6)', () => {
  test('is answered with 408 and let go', async () => {
    const server = await serve({}, [], { requestTimeoutMs: 300 })
    const { port } = new URL(await server.listen({ host: '127.0.0.1', port: 0 }))
    const socket = connect(Number(port), '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    const head = 'Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 100'
    socket.write(`POST /ingest HTTP/1.1\r\n${head}\r\n\r\n{`)
    await once(socket, 'close')
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  })
})

describe('health', () => {
  test('readiness names the part that is not', async () => {
    const parts: Part[] = [
      { name: 'log', check: async () => {} },
      { name: 'facts', check: () => Promise.reject(new Error('no route to ClickHouse')) },
    ]
    const server = await serve({}, parts)
    const answer = await server.inject('/readyz')
    expect(answer.statusCode).toBe(503)
    expect(answer.json().parts).toEqual({
      log: { status: 'ok' },
      facts: { status: 'failed', detail: 'no route to ClickHouse' },
    })
  })

  test('metrics are in the Prometheus text format', async () => {
    const answer = await (await serve()).inject('/metrics')
    expect(answer.headers['content-type']).toContain('text/plain')
    expect(answer.body).toContain('# TYPE faultline_ingest_deliveries_total counter')
  })

  test('pages may load nothing from elsewhere', async () => {
    const answer = await (await serve()).inject('/healthz')
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
  })

  test('senders’ answers go without what only browsers obey', async () => {
    const server = await serve()
    const answer = await server.inject({ method: 'POST', url: '/ingest', headers: local })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-security-policy']).toBeUndefined()
  })

  test('the API describes itself', async () => {
    const answer = await (await serve()).inject('/openapi.json')
    expect(answer.json().openapi).toBe('3.1.0')
    expect(Object.keys(answer.json().paths)).toContain('/api/v1/incidents')
  })
})
