// Silences and maintenance windows over HTTP: lists, making, changing, ending, and a look ahead.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { MutePreviewBody, NewSilence, NewWindow, SilenceUpdate } from '../mutes/bodies.ts'
import { readMatchers } from '../mutes/matchers.ts'
import {
  MaintenanceWindowView,
  MutePreview,
  SILENCE_STATES,
  SilenceView,
  WINDOW_STATES,
} from '../mutes/views.ts'
import {
  cursorOf,
  type DeskRoutesOptions,
  notFound,
  refuseRequest,
  submitCommand,
} from './context.ts'
import { pageOf } from './schema-parts.ts'
import { ById, oneOf, queryOf } from './validation.ts'

const tags = ['mutes']

const sendSilence = (reply: FastifyReply, id: string, view: SilenceView | undefined) => {
  if (view === undefined) return notFound(reply, 'silence', id)
  reply.header('etag', `"${view.version}"`)
  return view
}

const silenceReads = (instance: FastifyInstance, { desk, clock }: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const querystring = queryOf({ status: oneOf(SILENCE_STATES) })

  app.get(
    '/api/v1/silences',
    { schema: { tags, querystring, response: { 200: pageOf(SilenceView) } } },
    async ({ query: { limit, cursor, ...filter } }, reply) => {
      const after = cursorOf(reply, cursor)
      return after === null ? reply : desk.queries.listSilences(filter, clock.now(), limit, after)
    },
  )

  app.get(
    '/api/v1/silences/:id',
    { schema: { tags, params: ById, response: { 200: SilenceView } } },
    async ({ params: { id } }, reply) =>
      sendSilence(reply, id, await desk.queries.findSilence(id, clock.now())),
  )
}

const silenceActions = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { desk, clock } = options

  app.post('/api/v1/silences', { schema: { tags, body: NewSilence } }, async (request, reply) => {
    const command = { action: 'silence.create', target: 'silences' }
    return submitCommand(options, request, reply, command, async ({ target }) => {
      reply.code(201).header('location', `/api/v1/silences/${target}`)
      return sendSilence(reply, target, await desk.queries.findSilence(target, clock.now()))
    })
  })

  const act = (action: 'update' | 'expire', body?: typeof SilenceUpdate): void => {
    app.post(
      `/api/v1/silences/:id/${action}`,
      { schema: { tags, params: ById, ...(body === undefined ? {} : { body }) } },
      async (request, reply) => {
        const { id } = request.params
        const command = { action: `silence.${action}`, target: id }
        return submitCommand(options, request, reply, command, async () =>
          sendSilence(reply, id, await desk.queries.findSilence(id, clock.now())),
        )
      },
    )
  }
  act('update', SilenceUpdate)
  act('expire')
}

const windowRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { desk, clock } = options
  const querystring = queryOf({ status: oneOf(WINDOW_STATES) })
  const find = (id: string) => desk.queries.findWindow(id, clock.now())

  app.get(
    '/api/v1/maintenance-windows',
    { schema: { tags, querystring, response: { 200: pageOf(MaintenanceWindowView) } } },
    async ({ query: { limit, cursor, ...filter } }, reply) => {
      const after = cursorOf(reply, cursor)
      return after === null ? reply : desk.queries.listWindows(filter, clock.now(), limit, after)
    },
  )

  app.get(
    '/api/v1/maintenance-windows/:id',
    { schema: { tags, params: ById, response: { 200: MaintenanceWindowView } } },
    async ({ params: { id } }, reply) =>
      (await find(id)) ?? notFound(reply, 'maintenance window', id),
  )

  app.post(
    '/api/v1/maintenance-windows',
    { schema: { tags, body: NewWindow } },
    async (request, reply) => {
      const command = { action: 'window.create', target: 'maintenance-windows' }
      return submitCommand(options, request, reply, command, async ({ target }) => {
        reply.code(201).header('location', `/api/v1/maintenance-windows/${target}`)
        return find(target)
      })
    },
  )

  app.post(
    '/api/v1/maintenance-windows/:id/cancel',
    { schema: { tags, params: ById } },
    async (request, reply) => {
      const { id } = request.params
      const command = { action: 'window.cancel', target: id }
      return submitCommand(options, request, reply, command, async () => find(id))
    },
  )
}

/** Changes nothing; a POST because matchers may be long. */
const previewRoutes = (instance: FastifyInstance, { desk }: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  for (const kind of ['silences', 'maintenance-windows'])
    app.post(
      `/api/v1/${kind}/preview`,
      { schema: { tags, body: MutePreviewBody, response: { 200: MutePreview } } },
      async ({ body: { matchers: given = [], cis = [] }, limitedTo }, reply) => {
        const matchers = readMatchers(given)
        if ('kind' in matchers) return refuseRequest(reply, 422, 'invalid', matchers.detail)
        return desk.queries.previewMute({ matchers, cis }, limitedTo)
      },
    )
}

export const muteRoutes = (app: FastifyInstance, options: DeskRoutesOptions): void => {
  silenceReads(app, options)
  silenceActions(app, options)
  windowRoutes(app, options)
  previewRoutes(app, options)
}
