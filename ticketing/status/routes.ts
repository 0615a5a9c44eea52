// The status page over HTTP: JSON, and HTML that needs no script.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import { type Clock, isoTime, type Millis, SECOND_MS } from '../../domain/time.ts'
import { notFound } from '../api/context.ts'
import { ById, validatorCompiler } from '../api/validation.ts'
import type { Desk } from '../desk.ts'
import { missingPage, STYLE, servicePage, statusPage } from './pages.ts'
import { overall } from './services.ts'
import type { StatusPageSettings } from './settings.ts'
import { ServiceStatusView, StatusView, serviceStatusView } from './views.ts'

export interface StatusRoutesOptions {
  readonly desk: Pick<Desk, 'queries'>
  readonly settings: StatusPageSettings
  readonly clock: Clock
}

/** Many who look at once cost one look at the store. */
const FRESH_MS = 5 * SECOND_MS

const createReader = ({ desk, settings, clock }: StatusRoutesOptions) => {
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<StatusView> | undefined
  const read = async (now: Millis): Promise<StatusView> => {
    const services = await desk.queries.serviceStates(now, settings.services)
    return {
      title: settings.title,
      status: overall(services),
      asOf: isoTime(now),
      services: services.map((each) => serviceStatusView(each, settings.incidentTitles)),
    }
  }
  return (): Promise<StatusView> => {
    const now = clock.now()
    if (reading !== undefined && now - readAt < FRESH_MS) return reading
    readAt = now
    reading = read(now).catch((error: Error) => {
      reading = undefined
      throw error
    })
    return reading
  }
}

const tags = ['status']
const PAGE = 'text/html; charset=utf-8'
const HTML = { schema: { tags, produces: ['text/html'], response: { 200: Type.String() } } }
const CACHED = `public, max-age=${FRESH_MS / 1000}`

const addRoutes = (instance: FastifyInstance, options: StatusRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const read = createReader(options)
  const { title } = options.settings

  app.get(
    '/api/v1/status',
    { schema: { tags, response: { 200: StatusView } } },
    async (_request, reply) => {
      reply.header('cache-control', CACHED)
      return read()
    },
  )

  app.get(
    '/api/v1/status/:id',
    { schema: { tags, params: ById, response: { 200: ServiceStatusView } } },
    async ({ params: { id } }, reply) => {
      const service = (await read()).services.find((each) => each.id === id)
      return service ?? notFound(reply, 'service', id)
    },
  )

  app.get('/status', HTML, async (_request, reply) =>
    reply
      .type(PAGE)
      .header('cache-control', CACHED)
      .send(statusPage(await read())),
  )

  app.get('/status/:id', { schema: { tags, params: ById } }, async (request, reply) => {
    const { services, asOf } = await read()
    const service = services.find((each) => each.id === request.params.id)
    reply.type(PAGE)
    return service === undefined
      ? reply.code(404).send(missingPage(title))
      : reply.header('cache-control', CACHED).send(servicePage(title, service, asOf))
  })
}

export const statusRoutes =
  (options: StatusRoutesOptions): FastifyPluginAsync =>
  async (app) => {
    app.setValidatorCompiler(validatorCompiler)
    addRoutes(app, options)
  }

/** The style says nothing of anybody, so it is there for all pages of customers. */
export const styleRoutes: FastifyPluginAsync = async (app) => {
  app.get('/status.css', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css').header('cache-control', 'public, max-age=3600').send(STYLE),
  )
}
