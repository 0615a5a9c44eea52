// Changes over HTTP. What tools report of their deployments is `POST /api/v1/changes`, of ingest.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { DAY_MS } from '../../domain/time.ts'
import { changeCalendar } from '../changes/calendar-feed.ts'
import { CHANGE_ACTIONS, CHANGE_STATES } from '../lifecycles/change.ts'
import { CHANGE_BODIES, NewChange } from './bodies.ts'
import { cursorOf, type DeskRoutesOptions, notFound, submitCommand } from './context.ts'
import { pageOf } from './schema-parts.ts'
import { anyOf, ById, queryOf, Word } from './validation.ts'
import { ChangeDetail, ChangeSummary } from './work-schemas.ts'

const ListQuery = queryOf({
  status: anyOf(CHANGE_STATES),
  type: Type.Optional(Type.Array(Word, { minItems: 1 })),
  origin: Type.Optional(Type.Enum(['requested', 'reported'])),
  ci: Type.Optional(Word),
})
const tags = ['changes']
/** The feed shows what ended up to this long ago. */
const CALENDAR_PAST_MS = 90 * DAY_MS

const sendDetail = (reply: FastifyReply, detail: ChangeDetail) => {
  reply.header('etag', `"${detail.version}"`)
  return detail
}

const readRoutes = (instance: FastifyInstance, { desk, clock }: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = desk

  app.get(
    '/api/v1/changes',
    { schema: { tags, querystring: ListQuery, response: { 200: pageOf(ChangeSummary) } } },
    async ({ query: { limit, cursor, ...filter } }, reply) => {
      const after = cursorOf(reply, cursor)
      return after === null ? reply : queries.listChanges(filter, limit, after)
    },
  )

  app.get(
    '/api/v1/changes/:id',
    { schema: { tags, params: ById, response: { 200: ChangeDetail } } },
    async ({ params: { id } }, reply) => {
      const detail = await queries.findChange(id)
      return detail === undefined ? notFound(reply, 'change', id) : sendDetail(reply, detail)
    },
  )

  app.get(
    '/api/v1/changes.ics',
    { schema: { tags, produces: ['text/calendar'] } },
    async (_request, reply) => {
      const rows = await queries.plannedChanges(clock.now() - CALENDAR_PAST_MS)
      return reply.type('text/calendar; charset=utf-8').send(changeCalendar(rows))
    },
  )
}

export const changeRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  readRoutes(instance, options)
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk

  app.post('/api/v1/rfcs', { schema: { tags, body: NewChange } }, async (request, reply) => {
    const command = { action: 'change.create', target: 'changes' }
    return submitCommand(options, request, reply, command, async ({ target }) => {
      reply.code(201).header('location', `/api/v1/changes/${target}`)
      const detail = await queries.findChange(target)
      return detail === undefined ? notFound(reply, 'change', target) : sendDetail(reply, detail)
    })
  })

  for (const action of CHANGE_ACTIONS)
    app.post(
      `/api/v1/changes/:id/${action}`,
      {
        schema: { tags, params: ById, body: CHANGE_BODIES[action] },
        preValidation: async (request) => {
          request.body ??= {}
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const target = await queries.changeId(id)
        if (target === undefined) return notFound(reply, 'change', id)
        const command = { action: `change.${action}`, target }
        return submitCommand(options, request, reply, command, async () => {
          const detail = await queries.findChange(target)
          return detail === undefined ? notFound(reply, 'change', id) : sendDetail(reply, detail)
        })
      },
    )
}
