// Integrations over HTTP: tokens shown once, what arrives, trying out, and dead letters once more.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { FieldMapping } from '../../domain/integration.ts'
import type { IngestDesk } from '../../domain/ports/integrations.ts'
import type { DeadLetterRecord } from '../../domain/records.ts'
import { isoTime, MINUTE_MS } from '../../domain/time.ts'
import { isReplayable } from '../dead-letters.ts'
import {
  BODY_MAX,
  DeliveryView,
  DryRunBody,
  DryRunView,
  IntegrationChanges,
  IntegrationView,
  NewIntegration,
  ReplayBody,
  Rotation,
} from '../integrations/bodies.ts'
import { type DeskRoutesOptions, notFound, refuseRequest, submitCommand } from './context.ts'
import { pageOf } from './schema-parts.ts'
import { ById, LIMIT_DEFAULT, validatorCompiler, Word } from './validation.ts'

export interface IntegrationRoutesOptions extends DeskRoutesOptions {
  readonly ingest: IngestDesk
  /** A new token, shown to nobody but who asked. */
  newIngestToken(): { readonly text: string; readonly sha256: string }
}

const OVERLAP_MINUTES = 60
/** The alert of a test is over after this. */
const TEST_LASTS_MS = MINUTE_MS
const DELIVERIES_MAX = 500

const DeliveriesQuery = Type.Object(
  {
    source: Type.Optional(Word),
    integration: Type.Optional(Word),
    failed: Type.Optional(Type.Boolean()),
    limit: Type.Integer({ minimum: 1, maximum: DELIVERIES_MAX, default: LIMIT_DEFAULT }),
  },
  { additionalProperties: false },
)
const tags = ['integrations']
const SHOWN_ONCE = 'The answer’s `token` is shown this once; only its hash is kept.'

type Mapped = { readonly mapping?: unknown }

/** @returns true where it was refused */
const refuseMapping = (
  { ingest }: IntegrationRoutesOptions,
  reply: FastifyReply,
  { mapping }: Mapped,
): boolean => {
  if (mapping === undefined || mapping === null) return false
  const faults = ingest.mappingFaults(mapping as FieldMapping)
  if (faults.length === 0) return false
  refuseRequest(reply, 422, 'mapping-invalid', faults.join('; '))
  return true
}

const recordRoutes = (instance: FastifyInstance, options: IntegrationRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk
  const view = (id: string) => queries.findIntegration(id, options.clock.now())

  app.get(
    '/api/v1/integrations',
    { schema: { tags, response: { 200: pageOf(IntegrationView) } } },
    async () => ({ items: await queries.listIntegrations(options.clock.now()) }),
  )

  app.get(
    '/api/v1/integrations/:id',
    { schema: { tags, params: ById, response: { 200: IntegrationView } } },
    async ({ params: { id } }, reply) => {
      const found = await view(id)
      if (found === undefined) return notFound(reply, 'integration', id)
      reply.header('etag', `"${found.version}"`)
      return found
    },
  )

  app.post(
    '/api/v1/integrations',
    { schema: { tags, body: NewIntegration, description: SHOWN_ONCE } },
    async (request, reply) => {
      if (refuseMapping(options, reply, request.body)) return reply
      const { text: token, sha256 } = options.newIngestToken()
      const body = { ...request.body, sha256 }
      const command = { action: 'integration.create', target: 'integrations', body }
      return submitCommand(options, request, reply, command, async ({ target }) => {
        reply.code(201).header('location', `/api/v1/integrations/${target}`)
        return { ...(await view(target)), token }
      })
    },
  )

  app.patch(
    '/api/v1/integrations/:id',
    {
      schema: { tags, params: ById, body: IntegrationChanges },
    },
    async (request, reply) => {
      if (refuseMapping(options, reply, request.body)) return reply
      const { id } = request.params
      const command = { action: 'integration.update', target: id }
      return submitCommand(options, request, reply, command, () => view(id))
    },
  )

  app.post(
    '/api/v1/integrations/:id/rotate',
    { schema: { tags, params: ById, body: Rotation, description: SHOWN_ONCE } },
    async (request, reply) => {
      const { id } = request.params
      const { overlapMinutes = OVERLAP_MINUTES } = request.body
      const { text: token, sha256 } = options.newIngestToken()
      const body = { sha256, overlapMs: overlapMinutes * MINUTE_MS }
      const command = { action: 'integration.rotate', target: id, body }
      return submitCommand(options, request, reply, command, async () => ({
        ...(await view(id)),
        token,
      }))
    },
  )

  app.delete(
    '/api/v1/integrations/:id',
    { schema: { tags, params: ById } },
    async (request, reply) => {
      const { id } = request.params
      const command = { action: 'integration.delete', target: id, body: {} }
      return submitCommand(options, request, reply, command, async () => reply.code(204).send())
    },
  )
}

const deliveryRoutes = (instance: FastifyInstance, options: IntegrationRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk

  app.get(
    '/api/v1/deliveries',
    { schema: { tags, querystring: DeliveriesQuery, response: { 200: pageOf(DeliveryView) } } },
    async ({ query: { source, integration, failed = false, limit } }) => {
      const sender = integration ?? (source === undefined ? undefined : `source:${source}`)
      return { items: await queries.listDeliveries(sender, failed, limit) }
    },
  )

  app.get(
    '/api/v1/integrations/:id/deliveries',
    { schema: { tags, params: ById, response: { 200: pageOf(DeliveryView) } } },
    async ({ params: { id } }) => ({
      items: await queries.listDeliveries(id, false, LIMIT_DEFAULT),
    }),
  )

  app.post(
    '/api/v1/integrations/dry-run',
    { bodyLimit: BODY_MAX, schema: { tags, body: DryRunBody, response: { 200: DryRunView } } },
    async (request, reply) => {
      const { source = 'generic', mapping, body } = request.body
      if (refuseMapping(options, reply, { mapping })) return reply
      const { events, refused, ignored } = options.ingest.dryRun({
        source,
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...(mapping === undefined ? {} : { mapping: mapping as FieldMapping }),
      })
      return { events: [...events], refused: [...refused], ignored: [...ignored] }
    },
  )

  app.post(
    '/api/v1/integrations/:id/test',
    { schema: { tags, params: ById, response: { 200: DeliveryView } } },
    async (request, reply) => {
      const { id } = request.params
      const now = options.clock.now()
      const found = await queries.findIntegration(id, now)
      if (found === undefined) return notFound(reply, 'integration', id)
      const body = testEvent(found.name, request.actor, now)
      const report = await options.ingest.deliver({ source: 'native', body, integrationId: id })
      return { ...report, at: isoTime(report.at), integration: id }
    },
  )
}

/** Mild, said to be a test, and over by itself: it shows that the way is clear. */
const testEvent = (integration: string, actor: string, now: number): string =>
  JSON.stringify({
    name: 'FaultlineTest',
    severity: 'info',
    summary: `A test of the integration ${integration}, asked for by ${actor}`,
    labels: { integration, test: 'true' },
    startsAt: isoTime(now),
    endsAt: isoTime(now + TEST_LASTS_MS),
  })

/** The letter as its tool would send it: one item where it was one of many. */
const bodyOf = ({ payload, place }: DeadLetterRecord): string => {
  if (place === undefined) return payload
  return place === '' ? `[${payload}]` : `{${JSON.stringify(place)}:[${payload}]}`
}

const letterRoutes = (instance: FastifyInstance, options: IntegrationRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()

  app.post(
    '/api/v1/dead-letters/:id/replay',
    {
      schema: { tags: ['dead-letters'], params: ById, body: ReplayBody },
      preValidation: async (request) => {
        request.body ??= {}
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { mapping, source } = request.body
      const letter = await options.desk.queries.findDeadLetter(id)
      if (letter === undefined) return notFound(reply, 'dead letter', id)
      if (!isReplayable(letter))
        return refuseRequest(
          reply,
          422,
          'not-replayable',
          letter.cut === true
            ? 'Only the beginning of what was refused is kept.'
            : 'It is a record of the log, not a delivery.',
        )
      if (refuseMapping(options, reply, { mapping })) return reply
      const report = await options.ingest.deliver({
        source: source ?? (mapping === undefined ? letter.source : 'generic'),
        body: bodyOf(letter),
        ...(letter.contentType === undefined ? {} : { contentType: letter.contentType }),
        ...(letter.integration === undefined ? {} : { integrationId: letter.integration }),
        ...(mapping === undefined ? {} : { mapping: mapping as FieldMapping }),
      })
      const { status, accepted, reason } = report
      const body = { status, accepted, ...(reason === undefined ? {} : { reason }) }
      const command = { action: 'dead-letter.replayed', target: id, body }
      return submitCommand(options, request, reply, command, async () => ({
        ...report,
        at: isoTime(report.at),
      }))
    },
  )
}

export const integrationRoutes =
  (options: IntegrationRoutesOptions): FastifyPluginAsync =>
  async (app) => {
    app.setValidatorCompiler(validatorCompiler)
    recordRoutes(app, options)
    deliveryRoutes(app, options)
    letterRoutes(app, options)
  }
