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

const EXPORT_TYPES = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8; header=present',
} as const
const ExportQuery = Type.Object(
  { format: Type.Enum(['ndjson', 'csv'], { default: 'ndjson' }) },
  { additionalProperties: false },
)
/** Where the chain ended when somebody looked before. */
const VerifyQuery = Type.Object(
  {
    sequence: Type.Optional(Type.Integer({ minimum: 1 })),
    hash: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  },
  { additionalProperties: false },
)
const Verdict = Type.Object({
  entries: Type.Integer(),
  /** To be noted outside: a chain that is written anew cannot keep it. */
  end: Type.Object({ sequence: Type.Integer(), hash: Type.String() }),
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
    {
      schema: {
        tags: ['audit'],
        querystring: ExportQuery,
        produces: Object.values(EXPORT_TYPES),
      },
    },
    async ({ query: { format } }, reply) =>
      reply
        .type(EXPORT_TYPES[format])
        .header('content-disposition', `attachment; filename="audit.${format}"`)
        .send(Readable.from(queries.exportAudit(format))),
  )

  app.get(
    '/api/v1/audit/verify',
    { schema: { tags: ['audit'], querystring: VerifyQuery, response: { 200: Verdict } } },
    async ({ query: { sequence, hash } }) => {
      const noted = sequence === undefined || hash === undefined ? undefined : { sequence, hash }
      const verdict = await queries.verifyAuditChain(noted)
      return { ...verdict, intact: verdict.broken === undefined }
    },
  )
}
