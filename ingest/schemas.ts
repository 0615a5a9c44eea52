// What the API's description says of the ingest routes; the intake checks bodies itself.
import type { FastifySchema } from 'fastify'
import { Type } from 'typebox'
import { changeSchema } from './changes.ts'

const labels = Type.Record(Type.String(), Type.String())
const timeSchema = Type.String({ format: 'date-time' })

const problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    reason: Type.String({ description: 'machine-readable' }),
    detail: Type.String(),
    offset: Type.Optional(Type.Integer({ description: 'byte offset of a fault in the JSON' })),
  },
  { description: 'problem+json (RFC 9457)' },
)

const refusedItem = Type.Object({
  index: Type.Optional(Type.Integer({ description: 'place within the delivery, from 0' })),
  reason: Type.String(),
  detail: Type.String(),
})

const taken = Type.Object({
  accepted: Type.Integer(),
  ignored: Type.Integer({ description: 'understood, and not an event' }),
  refusedCount: Type.Integer(),
  refused: Type.Array(refusedItem, { description: 'the first hundred' }),
  deliveryId: Type.String(),
})

const opsgenieAccepted = Type.Object({
  result: Type.String(),
  took: Type.Number(),
  requestId: Type.String(),
})

const problems = { 400: problem, 413: problem, 503: problem }

const alertSchema = Type.Object({
  labels,
  annotations: Type.Optional(labels),
  startsAt: Type.Optional(timeSchema),
  endsAt: Type.Optional(timeSchema),
  generatorURL: Type.Optional(Type.String()),
})

const eventSchema = Type.Object({
  name: Type.String({ description: 'the alert type' }),
  status: Type.Optional(Type.Union([Type.Literal('firing'), Type.Literal('resolved')])),
  severity: Type.Optional(Type.String({ description: 'critical, error, warning or info' })),
  summary: Type.Optional(Type.String()),
  labels: Type.Optional(labels),
  dedupKey: Type.Optional(Type.String({ description: 'names the condition; default: labels' })),
  startsAt: Type.Optional(timeSchema),
  endsAt: Type.Optional(timeSchema),
  link: Type.Optional(Type.String()),
  runbook: Type.Optional(Type.String()),
})

const oneOrMany = <T extends Parameters<typeof Type.Array>[0]>(schema: T) =>
  Type.Union([schema, Type.Array(schema)])

const tags = ['ingest']

export const schemas = {
  alertmanager: {
    tags,
    summary: 'Alerts as Prometheus and Alertmanager clients push them (Alertmanager API v2)',
    description:
      'endsAt decides: in the past it resolves. Valid alerts are stored even when others earn the 400.',
    body: Type.Array(alertSchema),
    response: { 200: Type.Object({}), ...problems },
  },
  events: {
    tags,
    summary: 'Events in Faultline’s own format: an object, an array, or NDJSON',
    description: '2xx means durable. 207 lists the items that were refused; the others are taken.',
    body: oneOrMany(eventSchema),
    response: { 200: taken, 207: taken, 422: problem, ...problems },
  },
  pagerduty: {
    tags,
    summary: 'PagerDuty Events API v2',
    body: Type.Object({
      routing_key: Type.Optional(Type.String()),
      event_action: Type.String({ description: 'trigger, acknowledge or resolve' }),
      dedup_key: Type.Optional(Type.String()),
      payload: Type.Optional(Type.Object({}, { additionalProperties: true })),
    }),
    response: {
      202: Type.Object({
        status: Type.String(),
        message: Type.String(),
        dedup_key: Type.String(),
      }),
      ...problems,
    },
  },
  otlp: {
    tags,
    summary: 'OpenTelemetry logs (OTLP/HTTP, JSON or protobuf)',
    body: Type.Object({}, { additionalProperties: true }),
    response: { 200: Type.Object({}, { additionalProperties: true }), ...problems },
  },
  opsgenie: {
    tags,
    summary: 'Opsgenie: create an alert',
    body: Type.Object({
      message: Type.String(),
      alias: Type.Optional(Type.String()),
      priority: Type.Optional(Type.String({ description: 'P1 to P5' })),
      entity: Type.Optional(Type.String()),
      tags: Type.Optional(Type.Array(Type.String())),
      details: Type.Optional(labels),
    }),
    response: { 202: opsgenieAccepted, ...problems },
  },
  opsgenieAction: {
    tags,
    summary: 'Opsgenie: close an alert by its alias; other actions change no state',
    response: { 202: opsgenieAccepted, ...problems },
  },
  changes: {
    tags,
    summary: 'Changes (deployments, configuration, RFCs) that may explain incidents',
    body: oneOrMany(changeSchema),
    response: { 200: taken, 207: taken, 422: problem, ...problems },
  },
  webhook: {
    tags,
    summary: 'A monitoring tool’s own webhook',
    params: Type.Object({ source: Type.String({ description: 'the tool, lower case' }) }),
    response: { 200: taken, 207: taken, 404: problem, 422: problem, ...problems },
  },
} satisfies Record<string, FastifySchema>
