// The plain lists: alerts, dead letters, the audit log.
import { Readable } from 'node:stream'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { SEVERITIES } from '../../domain/severity.ts'
import { cursorOf, type DeskRoutesOptions } from './context.ts'
import { DeadLetterView } from './dead-letter-schema.ts'
import { pageOf } from './schema-parts.ts'
import { AlertView, AuditView } from './schemas.ts'
import { queryOf, Word } from './validation.ts'

const AlertQuery = queryOf({
  status: Type.Optional(Type.Enum(['firing', 'resolved'])),
  severity: Type.Optional(Type.Enum([...SEVERITIES])),
  incident: Type.Optional(Word),
  ci: Type.Optional(Word),
  scope: Type.Optional(Word),
  q: Type.Optional(Word),
})
const DeadLetterQuery = queryOf({ source: Type.Optional(Word), reason: Type.Optional(Word) })
const AuditQuery = queryOf({ target: Type.Optional(Word), actor: Type.Optional(Word) })

const Verdict = Type.Object({
  entries: Type.Integer(),
  intact: Type.Boolean(),
  broken: Type.Optional(Type.Object({ sequence: Type.Integer(), detail: Type.String() })),
})

export const readRoutes = (instance: FastifyInstance, { desk }: DeskRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = desk

  app.get(
    '/api/v1/alerts',
    {
      schema: {
        tags: ['alerts'],
        querystring: AlertQuery,
        response: { 200: pageOf(AlertView) },
      },
    },
    async ({ query: { limit, cursor, ...filter }, limitedTo }, reply) => {
      const after = cursorOf(reply, cursor)
      return after === null ? reply : queries.listAlerts({ ...filter, limitedTo }, limit, after)
    },
  )

  app.get(
    '/api/v1/dead-letters',
    {
      schema: {
        tags: ['dead-letters'],
        querystring: DeadLetterQuery,
        response: { 200: pageOf(DeadLetterView) },
      },
    },
    async ({ query: { limit, cursor, ...filter } }, reply) => {
      const after = cursorOf(reply, cursor)
      return after === null ? reply : queries.listDeadLetters(filter, limit, after)
    },
  )

  app.get(
    '/api/v1/audit',
    {
      schema: { tags: ['audit'], querystring: AuditQuery, response: { 200: pageOf(AuditView) } },
    },
    async ({ query: { limit, cursor, ...filter } }, reply) => {
      const after = cursorOf(reply, cursor)
      return after === null ? reply : queries.listAudit(filter, limit, after)
    },
  )

  app.get(
    '/api/v1/audit/export',
    { schema: { tags: ['audit'], produces: ['application/x-ndjson'] } },
    async (_request, reply) =>
      reply.type('application/x-ndjson').send(Readable.from(queries.exportAudit())),
  )

  app.get(
    '/api/v1/audit/verify',
    { schema: { tags: ['audit'], response: { 200: Verdict } } },
    async () => {
      const { entries, broken } = await queries.verifyAuditChain()
      return broken === undefined ? { entries, intact: true } : { entries, intact: false, broken }
    },
  )
}
