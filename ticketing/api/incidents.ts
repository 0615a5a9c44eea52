// Incidents over HTTP: the list, one with all that explains it, and what people do with it.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { SEVERITIES } from '../../domain/severity.ts'
import { reviewMarkdown } from '../incidents/review.ts'
import { INCIDENT_ACTIONS, INCIDENT_STATES } from '../lifecycles/incident.ts'
import { PRIORITIES } from '../priority.ts'
import { INCIDENT_BODIES } from './bodies.ts'
import { cursorOf, type DeskRoutesOptions, notFound, submitCommand } from './context.ts'
import { pageOf } from './schema-parts.ts'
import { IncidentDetail, IncidentSummary } from './schemas.ts'
import { anyOf, ById, queryOf, Word } from './validation.ts'

const ListQuery = queryOf({
  status: anyOf(['open' as const, ...INCIDENT_STATES]),
  severity: anyOf(SEVERITIES),
  priority: anyOf(PRIORITIES),
  scope: Type.Optional(Word),
  assignee: Type.Optional(Word),
  team: Type.Optional(Word),
  problem: Type.Optional(Word),
  q: Type.Optional(Word),
  since: Type.Optional(Type.String({ format: 'date-time' })),
})

const tags = ['incidents']

const sendDetail = (reply: FastifyReply, detail: IncidentDetail) => {
  reply.header('etag', `"${detail.version}"`)
  return detail
}

export const incidentRoutes = (instance: FastifyInstance, options: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk

  app.get(
    '/api/v1/incidents',
    { schema: { tags, querystring: ListQuery, response: { 200: pageOf(IncidentSummary) } } },
    async ({ query, limitedTo }, reply) => {
      const { limit, cursor, since, ...filter } = query
      const after = cursorOf(reply, cursor)
      if (after === null) return reply
      const from = since === undefined ? {} : { since: Date.parse(since) }
      return queries.listIncidents({ ...filter, ...from, limitedTo }, limit, after)
    },
  )

  app.get(
    '/api/v1/incidents/:id',
    { schema: { tags, params: ById, response: { 200: IncidentDetail } } },
    async ({ params: { id } }, reply) => {
      const detail = await queries.findIncident(id)
      return detail === undefined ? notFound(reply, 'incident', id) : sendDetail(reply, detail)
    },
  )

  app.get(
    '/api/v1/incidents/:id/review',
    {
      schema: {
        tags,
        summary: 'The post-incident review as Markdown, times, timeline and actions filled in',
        params: ById,
        produces: ['text/markdown'],
      },
    },
    async ({ params: { id } }, reply) => {
      const detail = await queries.findIncident(id)
      if (detail === undefined) return notFound(reply, 'incident', id)
      return reply.type('text/markdown; charset=utf-8').send(reviewMarkdown(detail))
    },
  )

  for (const action of INCIDENT_ACTIONS)
    app.post(
      `/api/v1/incidents/:id/${action}`,
      {
        schema: { tags, params: ById, body: INCIDENT_BODIES[action] },
        preValidation: async (request) => {
          request.body ??= {}
        },
      },
      async (request, reply) => {
        const { id } = request.params
        const target = await queries.incidentId(id)
        if (target === undefined) return notFound(reply, 'incident', id)
        const command = { action: `incident.${action}`, target }
        return submitCommand(options, request, reply, command, async ({ result }) => {
          const detail = await queries.findIncident(target)
          if (detail === undefined) return notFound(reply, 'incident', id)
          return { ...sendDetail(reply, detail), ...result }
        })
      },
    )
}
