// The process register over HTTP.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { NewProcess, ProcessUpdate } from './bodies.ts'
import { type DeskRoutesOptions, notFound, submitCommand } from './context.ts'
import { pageOf } from './schema-parts.ts'
import { ById } from './validation.ts'
import { ProcessListView, ProcessVersionView, ProcessView } from './work-schemas.ts'

const ListQuery = Type.Object(
  {
    kind: Type.Optional(Type.Enum(['process', 'runbook'])),
    attention: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
const tags = ['processes']

const sendView = (reply: FastifyReply, view: ProcessView) => {
  reply.header('etag', `"${view.version}"`)
  return view
}

export const processRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk

  app.get(
    '/api/v1/processes',
    { schema: { tags, querystring: ListQuery, response: { 200: pageOf(ProcessListView) } } },
    async ({ query }) => ({ items: await queries.listProcesses(query, options.clock.now()) }),
  )

  app.get(
    '/api/v1/processes/:id',
    { schema: { tags, params: ById, response: { 200: ProcessView } } },
    async ({ params: { id } }, reply) => {
      const view = await queries.findProcess(id)
      return view === undefined ? notFound(reply, 'process', id) : sendView(reply, view)
    },
  )

  app.get(
    '/api/v1/processes/:id/history',
    { schema: { tags, params: ById, response: { 200: pageOf(ProcessVersionView) } } },
    async ({ params: { id } }) => ({ items: await queries.processHistory(id) }),
  )

  app.post('/api/v1/processes', { schema: { tags, body: NewProcess } }, async (request, reply) => {
    const command = { action: 'process.create', target: 'processes' }
    return submitCommand(options, request, reply, command, async ({ target }) => {
      reply.code(201).header('location', `/api/v1/processes/${target}`)
      const view = await queries.findProcess(target)
      return view === undefined ? notFound(reply, 'process', target) : sendView(reply, view)
    })
  })

  const actions = [
    ['update', ProcessUpdate],
    ['retire', Type.Object({}, { additionalProperties: false })],
  ] as const
  for (const [action, body] of actions)
    app.post(
      `/api/v1/processes/:id/${action}`,
      {
        schema: { tags, params: ById, body },
        preValidation: async (request) => {
          request.body ??= {}
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const command = { action: `process.${action}`, target: id }
        return submitCommand(options, request, reply, command, async () => {
          const view = await queries.findProcess(id)
          return view === undefined ? notFound(reply, 'process', id) : sendView(reply, view)
        })
      },
    )
}
