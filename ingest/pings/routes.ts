// The URLs that pings come by: healthchecks.io's, Uptime Kuma's push, Opsgenie's heartbeat ping.
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingPing, PingBody, PingIntake, PingResult, PingTarget } from './intake.ts'
import { readPingMs, readRid, readSignal, readToken, SLUG, UUID } from './ping.ts'

export interface PingRoutesOptions {
  readonly pings: PingIntake
  /** May whoever shows this key in the URL ping by slug? */
  mayPing(key: string, request: FastifyRequest): Promise<boolean>
  readonly limits?: Partial<PingLimits>
}

export interface PingLimits {
  /** Bytes of a ping's body that are kept; the rest is read and forgotten. */
  readonly pingBodyBytesMax: number
  /** Bytes of a ping's body that are read at all; more is answered with 413. */
  readonly pingRequestBytesMax: number
}

export const defaultPingLimits: PingLimits = {
  pingBodyBytesMax: 10_000,
  pingRequestBytesMax: 10 * 1024 * 1024,
}

const RETRY_AFTER_SECONDS = '5'
const USER_AGENT_MAX = 200
const NO_BODY: PingBody = { kept: new Uint8Array(0), bytes: 0 }
const METHODS = ['GET', 'HEAD', 'POST'] as const

/** Reads all and keeps the beginning, so that a job's long log costs no memory and no ping. */
const readBody = async (
  payload: AsyncIterable<Uint8Array>,
  { pingBodyBytesMax, pingRequestBytesMax }: PingLimits,
): Promise<PingBody> => {
  const kept: Uint8Array[] = []
  let bytes = 0
  let room = pingBodyBytesMax
  for await (const chunk of payload) {
    bytes += chunk.length
    if (bytes > pingRequestBytesMax) throw Object.assign(new Error(), { statusCode: 413 })
    if (room > 0) kept.push(chunk.subarray(0, room))
    room -= chunk.length
  }
  return { kept: Buffer.concat(kept), bytes }
}

const pingOf = (
  request: FastifyRequest,
  said: Pick<IncomingPing, 'signal'> & Partial<IncomingPing>,
): IncomingPing => {
  const agent = request.headers['user-agent']
  return {
    method: request.method,
    from: request.ip,
    ...(agent === undefined ? {} : { userAgent: agent.slice(0, USER_AGENT_MAX) }),
    body: (request.body as PingBody | undefined) ?? NO_BODY,
    ...said,
  }
}

const plain = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  reply.code(status).type('text/plain; charset=utf-8').send(text)

const answer = (reply: FastifyReply, result: PingResult): FastifyReply => {
  if (result.kind === 'unknown') return plain(reply, 404, 'not found')
  if (result.kind === 'unavailable')
    return plain(reply.header('retry-after', RETRY_AFTER_SECONDS), 503, 'try again')
  return result.created ? plain(reply, 201, 'Created') : plain(reply, 200, 'OK')
}

interface PingRequest {
  Params: { first: string; second?: string; third?: string }
  Querystring: Record<string, string | string[] | undefined>
}

/** What the path names: a UUID and a signal, or a key, a slug and a signal. */
const targetOf = async (
  request: FastifyRequest<PingRequest>,
  mayPing: PingRoutesOptions['mayPing'],
): Promise<{ target: PingTarget; segment: string | undefined } | 'unknown' | 'malformed'> => {
  const { first, second, third } = request.params
  if (UUID.test(first) && third === undefined)
    return { target: { uuid: first.toLowerCase() }, segment: second }
  if (second === undefined || !SLUG.test(second)) return 'malformed'
  if (!(await mayPing(first, request))) return 'unknown'
  const create = request.query.create === '1'
  return { target: { slug: second, create }, segment: third }
}

/** https://healthchecks.io/docs/http_api/ */
const healthchecks = (app: FastifyInstance, { pings, mayPing }: PingRoutesOptions): void => {
  const take = async (request: FastifyRequest<PingRequest>, reply: FastifyReply) => {
    const named = await targetOf(request, mayPing)
    if (named === 'unknown') return plain(reply, 404, 'not found')
    const signalled = named === 'malformed' ? undefined : readSignal(named.segment)
    if (named === 'malformed' || signalled === undefined)
      return plain(reply, 400, 'invalid url format')
    const rid = readRid(request.query.rid)
    if (rid === null) return plain(reply, 400, 'invalid uuid format')
    const ping = pingOf(request, { ...signalled, ...(rid === undefined ? {} : { rid }) })
    return answer(reply, await pings.take(named.target, ping))
  }
  const schema = {
    tags: ['heartbeats'],
    summary: 'A sign of life, as healthchecks.io takes them',
    security: [],
  }
  for (const url of ['/ping/:first', '/ping/:first/:second', '/ping/:first/:second/:third'])
    app.route({ method: [...METHODS], url, schema, handler: take })
}

const NOT_FOUND = { ok: false, msg: 'Monitor not found or not active.' }
const BAD_PING = {
  ok: false,
  msg: 'Invalid ping value. Must be between 0 and 100000000000 ms.',
}

/** Uptime Kuma's push monitors; the token is the UUID, with or without its hyphens. */
const kumaPush = (app: FastifyInstance, { pings }: PingRoutesOptions): void => {
  app.route<{ Params: { token: string }; Querystring: Record<string, unknown> }>({
    method: [...METHODS],
    url: '/api/push/:token',
    schema: { tags: ['heartbeats'], summary: 'A push, as Uptime Kuma takes them', security: [] },
    handler: async (request, reply) => {
      const uuid = readToken(request.params.token)
      if (uuid === undefined) return reply.code(404).send(NOT_FOUND)
      const durationMs = readPingMs(request.query.ping)
      if (durationMs === null) return reply.code(404).send(BAD_PING)
      const { status, msg } = request.query
      const text = Buffer.from(typeof msg === 'string' ? msg : '')
      const ping = pingOf(request, {
        signal: status === undefined || status === 'up' ? 'success' : 'fail',
        body: { kept: text.subarray(0, defaultPingLimits.pingBodyBytesMax), bytes: text.length },
        ...(durationMs === undefined ? {} : { durationMs }),
      })
      const result = await pings.take({ uuid }, ping)
      if (result.kind === 'taken') return { ok: true }
      if (result.kind === 'unknown') return reply.code(404).send(NOT_FOUND)
      reply.header('retry-after', RETRY_AFTER_SECONDS)
      return reply.code(503).send({ ok: false, msg: 'Try again.' })
    },
  })
}

/** Bodies of any type, read as far as they are kept. */
const takeAnyBody = (app: FastifyInstance, limits: PingLimits): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    '*',
    async (_request: FastifyRequest, payload: AsyncIterable<Uint8Array>) =>
      readBody(payload, limits),
  )
  // A tool that names no proper content type still pings; Fastify would refuse it with 415.
  app.addHook('onRequest', async ({ raw: { headers } }) => {
    if (!/^[^\s/;]+\/[^\s/;]+\s*(;|$)/.test(headers['content-type'] ?? ''))
      headers['content-type'] = 'application/octet-stream'
  })
  app.setValidatorCompiler(() => () => true)
}

/** Needs no token: the URL is the secret. */
export const pingRoutes =
  (options: PingRoutesOptions): FastifyPluginAsync =>
  async (app) => {
    const limits = { ...defaultPingLimits, ...options.limits }
    takeAnyBody(app, limits)
    app.addHook('onSend', async (_request, reply) => {
      reply.header('access-control-allow-origin', '*')
      reply.header('ping-body-limit', limits.pingBodyBytesMax)
      reply.header('cache-control', 'no-store')
    })
    healthchecks(app, options)
    kumaPush(app, options)
  }

/** Opsgenie's heartbeat ping: behind the same tokens as its alerts. */
export const opsgeniePingRoutes =
  ({ pings, limits }: Pick<PingRoutesOptions, 'pings' | 'limits'>): FastifyPluginAsync =>
  async (app) => {
    takeAnyBody(app, { ...defaultPingLimits, ...limits })
    app.route<{ Params: { name: string } }>({
      method: ['GET', 'POST', 'PUT', 'PATCH'],
      url: '/v2/heartbeats/:name/ping',
      schema: { tags: ['heartbeats'], summary: 'A ping, as Opsgenie takes them' },
      handler: async (request, reply) => {
        const { name } = request.params
        const result = await pings.take({ name }, pingOf(request, { signal: 'success' }))
        const said = { took: 0, requestId: request.id }
        if (result.kind === 'taken')
          return reply.code(202).send({ result: 'PONG - Heartbeat received', ...said })
        if (result.kind === 'unknown')
          return reply.code(404).send({ message: `There is no heartbeat ${name}.`, ...said })
        reply.header('retry-after', RETRY_AFTER_SECONDS)
        return reply.code(503).send({ message: 'Try again.', ...said })
      },
    })
  }
