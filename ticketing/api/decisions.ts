// What people decided about an incident's alerts, over HTTP, and how it is taken back.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { DecisionView, UndoBody } from '../incidents/decisions.ts'
import { type DeskRoutesOptions, notFound, submitCommand } from './context.ts'
import { pageOf } from './schema-parts.ts'
import { ById } from './validation.ts'

const tags = ['incidents']

export const decisionRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk

  app.get(
    '/api/v1/incidents/:id/decisions',
    { schema: { tags, params: ById, response: { 200: pageOf(DecisionView) } } },
    async ({ params: { id } }, reply) => {
      const target = await queries.incidentId(id)
      if (target === undefined) return notFound(reply, 'incident', id)
      return { items: await queries.listDecisions(target) }
    },
  )

  app.post(
    '/api/v1/incidents/:id/undo',
    { schema: { tags, params: ById, body: UndoBody } },
    async (request, reply) => {
      const { id } = request.params
      const target = await queries.incidentId(id)
      if (target === undefined) return notFound(reply, 'incident', id)
      const command = { action: 'incident.undo', target }
      return submitCommand(options, request, reply, command, async () =>
        queries.findIncident(target),
      )
    },
  )
}
