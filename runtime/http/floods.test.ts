// What a hostile connection may cost: headers, URLs and pipelines beyond their limits (FAULTS 6).
import { once } from 'node:events'
import { connect } from 'node:net'
import { Writable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { createMemoryLog } from '../../domain/testing/memory-log.ts'
import { createIntake } from '../../ingest/intake.ts'
import { ingestRoutes } from '../../ingest/routes.ts'
import { defaultIngestSettings } from '../../ingest/settings.ts'
import { loadConfig } from '../config/load.ts'
import { createLogger } from '../observe/logger.ts'
import { createMetrics } from '../observe/metrics.ts'
import { createServer } from './server.ts'

let app: FastifyInstance
afterEach(() => app.close())

const listen = async (): Promise<number> => {
  const sink = new Writable({ write: (_chunk, _encoding, done) => done() })
  const clock = { now: () => 0 }
  const intake = createIntake({ log: createMemoryLog(), clock, settings: defaultIngestSettings })
  app = await createServer({
    config: loadConfig(),
    logger: createLogger('fatal', sink),
    metrics: createMetrics(),
    parts: [],
    ingest: [ingestRoutes(intake)],
    desk: [],
  })
  return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port)
}

/** All that a server answers until it closes the connection. */
const exchange = async (port: number, request: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1')
  })
  // It may close while we still write.
  socket.on('error', () => {})
  socket.write(request)
  await once(socket, 'close')
  return answer
}

describe('FAULTS 6: a flood', () => {
  const BODY = '{"name":"X"}'
  const post = (path: string, headers: string): string =>
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}` +
    `Content-Length: ${BODY.length}\r\nConnection: close\r\n\r\n${BODY}`

  test.each([
    ['of headers', post('/api/v1/events', 'X-A: b\r\n'.repeat(10_000)), /^HTTP\/1\.1 431 /],
    [
      'in one header',
      post('/api/v1/events', `X-A: ${'b'.repeat(100_000)}\r\n`),
      /^HTTP\/1\.1 431 /,
    ],
    ['in the URL', post(`/webhooks/${'x'.repeat(100_000)}`, ''), /^HTTP\/1\.1 431 /],
    ['in the name of a source', post(`/webhooks/${'x'.repeat(2_000)}`, ''), /^HTTP\/1\.1 4\d\d /],
    ['of garbage', `\u0000${'\u0001'.repeat(10_000)}`, /^HTTP\/1\.1 400 /],
  ])('%s is refused, and the next sender is served', async (_what, request, expected) => {
    const port = await listen()
    expect(await exchange(port, request)).toMatch(expected)
    expect(await exchange(port, post('/api/v1/events', ''))).toMatch(/^HTTP\/1\.1 200 /)
  })
})
