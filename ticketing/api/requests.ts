// Service requests over HTTP: the catalogue, what was asked for, and what becomes of it.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { REQUEST_ACTIONS, REQUEST_STATES } from '../lifecycles/request.ts'
import { NewRequest, REQUEST_BODIES } from './bodies.ts'
import { cursorOf, type DeskRoutesOptions, notFound, submitCommand } from './context.ts'
import { pageOf } from './schema-parts.ts'
import { anyOf, ById, queryOf, Word } from './validation.ts'
import { CatalogueItemView, RequestDetail, RequestSummary } from './work-schemas.ts'

const ListQuery = queryOf({
  status: anyOf(REQUEST_STATES),
  requester: Type.Optional(Word),
  assignee: Type.Optional(Word),
})
const tags = ['requests']

const sendDetail = (reply: FastifyReply, detail: RequestDetail) => {
  reply.header('etag', `"${detail.version}"`)
  return detail
}

export const requestRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries, catalogue } = options.desk

  app.get(
    '/api/v1/catalogue',
    { schema: { tags, response: { 200: pageOf(CatalogueItemView) } } },
    () => ({
      items: catalogue.items.map(({ id, title, description, form, targetMs }) => ({
        id,
        title,
        description,
        form: { ...form },
        targetMs,
      })),
    }),
  )

  app.get(
    '/api/v1/requests',
    { schema: { tags, querystring: ListQuery, response: { 200: pageOf(RequestSummary) } } },
    async ({ query: { limit, cursor, ...filter }, limitedTo }, reply) => {
      const after = cursorOf(reply, cursor)
      return after === null ? reply : queries.listRequests({ ...filter, limitedTo }, limit, after)
    },
  )

  app.get(
    '/api/v1/requests/:id',
    { schema: { tags, params: ById, response: { 200: RequestDetail } } },
    async ({ params: { id } }, reply) => {
      const detail = await queries.findRequest(id)
      return detail === undefined ? notFound(reply, 'request', id) : sendDetail(reply, detail)
    },
  )

  app.post('/api/v1/requests', { schema: { tags, body: NewRequest } }, async (request, reply) => {
    const command = { action: 'request.create', target: 'requests' }
    return submitCommand(options, request, reply, command, async ({ target }) => {
      reply.code(201).header('location', `/api/v1/requests/${target}`)
      const detail = await queries.findRequest(target)
      return detail === undefined ? notFound(reply, 'request', target) : sendDetail(reply, detail)
    })
  })

  for (const action of REQUEST_ACTIONS)
    app.post(
      `/api/v1/requests/:id/${action}`,
      {
        schema: { tags, params: ById, body: REQUEST_BODIES[action] },
        preValidation: async (request) => {
          request.body ??= {}
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const target = (await queries.findRequest(id))?.id
        if (target === undefined) return notFound(reply, 'request', id)
        const command = { action: `request.${action}`, target }
        return submitCommand(options, request, reply, command, async () => {
          const detail = await queries.findRequest(target)
          return detail === undefined ? notFound(reply, 'request', id) : sendDetail(reply, detail)
        })
      },
    )
}
