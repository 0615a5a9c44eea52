// Other desks over HTTP: how each incident stands with them, and once more please.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { SYNC_STATES } from '../store/schema.ts'
import { SyncLinkView } from '../sync/queries.ts'
import { cursorOf, type DeskRoutesOptions, submitCommand } from './context.ts'
import { pageOf } from './schema-parts.ts'
import { ById, queryOf, Word } from './validation.ts'

const ListQuery = queryOf({
  status: Type.Optional(Type.Enum([...SYNC_STATES])),
  target: Type.Optional(Word),
  incident: Type.Optional(Word),
})
const tags = ['sync']

export const syncRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk

  app.get(
    '/api/v1/sync',
    { schema: { tags, querystring: ListQuery, response: { 200: pageOf(SyncLinkView) } } },
    async ({ query: { limit, cursor, ...filter } }, reply) => {
      const after = cursorOf(reply, cursor)
      return after === null ? reply : queries.listSyncLinks(filter, limit, after)
    },
  )

  app.post('/api/v1/sync/:id/retry', { schema: { tags, params: ById } }, (request, reply) => {
    const { id } = request.params
    const command = { action: 'sync.retry', target: id }
    return submitCommand(options, request, reply, command, () => queries.findSyncLink(id))
  })
}
