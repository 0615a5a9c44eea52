// The edge's HTTP routes, as a Fastify plugin; bodies arrive here as the bytes that were sent.
import { Buffer } from 'node:buffer'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import type { IngestKey } from '../domain/integration.ts'
import {
  type Answer,
  acceptedAnswer,
  alertmanagerAnswer,
  nativeAnswer,
  opsgenieAnswer,
  otlpAnswer,
  problemAnswer,
} from './answers.ts'
import type { IntakeResult, RawDelivery } from './delivery.ts'
import { fieldsOf, itemsOf, textOf } from './fields.ts'
import type { Intake } from './intake.ts'
import { schemas } from './schemas.ts'
import { dedupKeyOf } from './sources/pagerduty.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What let it in; set by whoever guards the routes. */
    ingestKey: IngestKey | undefined
    /** Finds it in the body, where it was neither in a header nor in the URL. */
    keyInside: RawDelivery['keyInside']
  }
  interface FastifyContextConfig {
    /** Of routes that serve one source alone. */
    source?: string
  }
}

/** The source that a request speaks as, as far as its URL tells. */
export const sourceOf = ({ routeOptions, params }: FastifyRequest): string =>
  routeOptions.config.source ?? (params as { source?: string } | undefined)?.source ?? 'unknown'

/** PagerDuty's name for a token, of the first event of the body. */
export const routingKeyOf = (payload: unknown): string | undefined =>
  textOf(fieldsOf(itemsOf(payload)[0]).routing_key)

const NO_BODY = Buffer.alloc(0)

const deliveryOf = (request: FastifyRequest, source: string): RawDelivery => {
  const { headers } = request
  return {
    source,
    body: Buffer.isBuffer(request.body) ? request.body : NO_BODY,
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    // Of all headers only set-cookie is ever a list.
    headers: headers as Record<string, string | undefined>,
    key: request.ingestKey,
    keyInside: request.keyInside,
  }
}

const JSON_TYPE = 'application/json'
const MEDIA_TYPE = /^[^\s/;]+\/[^\s/;]+\s*(;|$)/

const send = (reply: FastifyReply, { status, headers, body }: Answer): FastifyReply =>
  reply.code(status).headers(headers).send(JSON.stringify(body))

/** Some tools put their JSON into the query of a GET. */
const queryBody = (query: unknown): Buffer => {
  const fields = new Map(Object.entries(query ?? {}))
  const text = ['payload', 'message', 'json', 'data'].map((name) => fields.get(name)).find(Boolean)
  return Buffer.from(typeof text === 'string' ? text : JSON.stringify(query ?? {}))
}

const enqueued = ({ payload }: { payload: unknown }) => ({
  status: 'success',
  message: 'Event processed',
  dedup_key: dedupKeyOf(itemsOf(payload)[0]),
})

/** Opsgenie names the alert in the URL; the source reads it as it does in Opsgenie's webhooks. */
const opsgenieAction = (
  request: FastifyRequest,
  identifier: string,
  action: string,
): RawDelivery => {
  const payload = { action, alert: { alias: identifier } }
  const delivery = deliveryOf(request, 'opsgenie')
  return { ...delivery, body: Buffer.from(JSON.stringify(payload)), contentEncoding: undefined }
}

type Route = readonly [url: string, source: string | undefined, schema: FastifySchema, take: Take]
type Take = (request: FastifyRequest) => Promise<Answer>

/** The URLs that senders of each kind already know. */
const routesOf = (intake: Intake): readonly Route[] => {
  const only = (
    url: string,
    source: string,
    schema: FastifySchema,
    answer: (result: IntakeResult) => Answer,
  ): Route => [
    url,
    source,
    schema,
    async (request) => answer(await intake.take(deliveryOf(request, source))),
  ]
  return [
    only('/api/v2/alerts', 'alertmanager', schemas.alertmanager, alertmanagerAnswer),
    only('/api/v1/events', 'native', schemas.events, nativeAnswer),
    only('/v2/enqueue', 'pagerduty', schemas.pagerduty, (result) =>
      acceptedAnswer(result, enqueued),
    ),
    only('/v1/logs', 'otlp', schemas.otlp, otlpAnswer),
    only('/v2/alerts', 'opsgenie', schemas.opsgenie, opsgenieAnswer),
    [
      '/v2/alerts/:identifier/:action',
      'opsgenie',
      schemas.opsgenieAction,
      async (request) => {
        const { identifier, action } = request.params as { identifier: string; action: string }
        return opsgenieAnswer(await intake.take(opsgenieAction(request, identifier, action)))
      },
    ],
    [
      '/api/v1/changes',
      'changes',
      schemas.changes,
      async (request) => nativeAnswer(await intake.takeChanges(deliveryOf(request, 'changes'))),
    ],
    [
      '/webhooks/:source',
      undefined,
      schemas.webhook,
      async (request) => {
        const { source } = request.params as { source: string }
        return nativeAnswer(await intake.take(deliveryOf(request, source)))
      },
    ],
  ]
}

/**
 * Reads every body as bytes whatever its content type, so that garbage is answered by the intake's
 * own problems. A body over the limit, also one without a length, is answered with 413 as soon as
 * the limit is crossed; slow senders are cut off by the server's request timeout (408).
 */
export const ingestRoutes =
  (intake: Intake): FastifyPluginAsync =>
  async (app) => {
    const { bodyBytesMax } = intake.settings.limits
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (_, body, done) =>
      done(null, body),
    )
    // A tool that names no proper content type still sends JSON; Fastify would refuse it with 415.
    app.addHook('onRequest', ({ raw: { headers } }, _reply, done) => {
      const type = headers['content-type']
      if (type !== JSON_TYPE && type !== undefined && !MEDIA_TYPE.test(type))
        delete headers['content-type']
      done()
    })
    // Schemas only describe: the intake itself checks, alert by alert.
    app.setValidatorCompiler(() => () => true)
    app.setErrorHandler((error: { code?: string }, _request, reply) => {
      if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error
      const detail = `the body is larger than ${bodyBytesMax} bytes`
      const answer = problemAnswer({ kind: 'refused', status: 413, reason: 'too-large', detail })
      // The rest of the body is not read, so the connection cannot serve another request.
      return send(reply.header('connection', 'close'), answer)
    })
    for (const name of ['ingestKey', 'keyInside'] as const)
      if (!app.hasRequestDecorator(name)) app.decorateRequest(name, undefined)
    for (const [url, source, schema, take] of routesOf(intake)) {
      const config = source === undefined ? {} : { source }
      app.post(url, { schema, config, bodyLimit: bodyBytesMax }, async (request, reply) =>
        send(reply, await take(request)),
      )
    }
    app.delete(
      '/v2/alerts/:identifier',
      { schema: schemas.opsgenieAction, config: { source: 'opsgenie' } },
      async (request, reply) => {
        const { identifier } = request.params as { identifier: string }
        const delivery = opsgenieAction(request, identifier, 'delete')
        return send(reply, opsgenieAnswer(await intake.take(delivery)))
      },
    )
    app.get('/webhooks/:source', { schema: { hide: true } }, async (request, reply) => {
      const { source } = request.params as { source: string }
      const delivery = { ...deliveryOf(request, source), body: queryBody(request.query) }
      return send(reply, nativeAnswer(await intake.take(delivery)))
    })
  }
