// Heartbeats over HTTP: what people manage. Pings are the edge's.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { HEARTBEAT_STATUSES } from '../../domain/heartbeat.ts'
import {
  cursorOf,
  type DeskRoutesOptions,
  keyedCommandId,
  notFound,
  submitCommand,
} from '../api/context.ts'
import { pageOf } from '../api/schema-parts.ts'
import { anyOf, ById, paging, queryOf, Word } from '../api/validation.ts'
import { badgeSvg } from './badge.ts'
import { heartbeatId } from './commands.ts'
import {
  HeartbeatPingView,
  HeartbeatTransitionView,
  HeartbeatUpdate,
  HeartbeatView,
  NewHeartbeat,
  Nothing,
} from './schemas.ts'

const tags = ['heartbeats']
const ListQuery = queryOf({
  status: anyOf(HEARTBEAT_STATUSES),
  tag: Type.Optional(Word),
  source: Type.Optional(Word),
  q: Type.Optional(Word),
})
const PingsQuery = Type.Object(paging, { additionalProperties: false })
const BadgeParams = Type.Object({ file: Type.String({ maxLength: 64 }) })
const BADGE_SECONDS = 30

/** As whoever asks would call it, so that it can be copied. */
const withHost = (view: HeartbeatView, { protocol, host }: FastifyRequest): HeartbeatView => {
  const { pingUrl, badgeUrl } = view
  const origin = `${protocol}://${host}`
  return {
    ...view,
    badgeUrl: origin + badgeUrl,
    ...(pingUrl === undefined ? {} : { pingUrl: origin + pingUrl }),
  }
}

const send = (
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  view: HeartbeatView | undefined,
) => {
  if (view === undefined) return notFound(reply, 'heartbeat', id)
  reply.header('etag', `"${view.version}"`)
  return withHost(view, request)
}

const readRoutes = (instance: FastifyInstance, { desk, clock }: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = desk

  app.get(
    '/api/v1/heartbeats',
    { schema: { tags, querystring: ListQuery, response: { 200: pageOf(HeartbeatView) } } },
    async (request, reply) => {
      const { limit, cursor, ...filter } = request.query
      const after = cursorOf(reply, cursor)
      if (after === null) return reply
      const page = await queries.listHeartbeats(filter, clock.now(), limit, after)
      return { ...page, items: page.items.map((view) => withHost(view, request)) }
    },
  )

  app.get(
    '/api/v1/heartbeats/:id',
    { schema: { tags, params: ById, response: { 200: HeartbeatView } } },
    async (request, reply) => {
      const { id } = request.params
      return send(request, reply, id, await queries.findHeartbeat(id, clock.now()))
    },
  )

  app.get(
    '/api/v1/heartbeats/:id/pings',
    {
      schema: {
        tags,
        params: ById,
        querystring: PingsQuery,
        response: { 200: pageOf(HeartbeatPingView) },
      },
    },
    async ({ params: { id }, query: { limit, cursor } }, reply) => {
      const after = cursorOf(reply, cursor)
      if (after === null) return reply
      const found = await queries.heartbeatId(id)
      if (found === undefined) return notFound(reply, 'heartbeat', id)
      return queries.listHeartbeatPings(found, limit, after)
    },
  )

  app.get(
    '/api/v1/heartbeats/:id/transitions',
    { schema: { tags, params: ById, response: { 200: pageOf(HeartbeatTransitionView) } } },
    async ({ params: { id } }, reply) => {
      const found = await queries.heartbeatId(id)
      if (found === undefined) return notFound(reply, 'heartbeat', id)
      return { items: await queries.heartbeatTransitions(found) }
    },
  )
}

/** Open to all, as a badge in a README must be; its name cannot be guessed. */
const badgeRoute = (instance: FastifyInstance, { desk }: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  app.get(
    '/badge/:file',
    { schema: { tags, params: BadgeParams, produces: ['image/svg+xml'] } },
    async ({ params: { file } }, reply) => {
      const key = /^([0-9a-f]{32})\.svg$/.exec(file)?.[1]
      const badge = key === undefined ? undefined : await desk.queries.heartbeatBadge(key)
      if (badge === undefined) return notFound(reply, 'badge', file)
      reply.header('cache-control', `public, max-age=${BADGE_SECONDS}`)
      reply.header('cross-origin-resource-policy', 'cross-origin')
      return reply.type('image/svg+xml').send(badgeSvg(badge.name, badge.status))
    },
  )
}

const createRoute = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { desk, clock, newId } = options
  app.post(
    '/api/v1/heartbeats',
    { schema: { tags, body: NewHeartbeat } },
    async (request, reply) => {
      const key = request.headers['idempotency-key']
      // A retry must not ask for another uuid than the first call did.
      const before =
        typeof key === 'string'
          ? await desk.queries.heartbeatUuid(heartbeatId(keyedCommandId(request.actor, key)))
          : undefined
      request.body.uuid ??= before ?? newId()
      const command = { action: 'heartbeat.create', target: 'heartbeats' }
      return submitCommand(options, request, reply, command, async ({ target }) => {
        reply.code(201).header('location', `/api/v1/heartbeats/${target}`)
        const view = await desk.queries.findHeartbeat(target, clock.now())
        return send(request, reply, target, view)
      })
    },
  )
}

export const heartbeatRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  readRoutes(instance, options)
  badgeRoute(instance, options)
  createRoute(instance, options)
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk

  const submit = async (
    request: FastifyRequest<{ Params: { id: string } }>,
    reply: FastifyReply,
    action: string,
  ) => {
    const { id } = request.params
    const target = await queries.heartbeatId(id)
    if (target === undefined) return notFound(reply, 'heartbeat', id)
    return submitCommand(options, request, reply, { action, target }, async () => {
      if (action === 'heartbeat.delete') return reply.code(204).send()
      const view = await queries.findHeartbeat(target, options.clock.now())
      return send(request, reply, target, view)
    })
  }

  app.patch(
    '/api/v1/heartbeats/:id',
    { schema: { tags, params: ById, body: HeartbeatUpdate } },
    (request, reply) => submit(request, reply, 'heartbeat.update'),
  )
  app.delete('/api/v1/heartbeats/:id', { schema: { tags, params: ById } }, (request, reply) =>
    submit(request, reply, 'heartbeat.delete'),
  )
  const actions = { update: HeartbeatUpdate, pause: Nothing, resume: Nothing, delete: Nothing }
  for (const [action, body] of Object.entries(actions))
    app.post(
      `/api/v1/heartbeats/:id/${action}`,
      {
        schema: { tags, params: ById, body },
        preValidation: async (request) => {
          request.body ??= {}
        },
      },
      (request, reply) => submit(request, reply, `heartbeat.${action}`),
    )
}
