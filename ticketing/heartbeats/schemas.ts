// Heartbeats over HTTP: what people send, and what they are shown.
import { type Static, Type } from 'typebox'
import { HEARTBEAT_STATUSES, PING_SIGNALS } from '../../domain/heartbeat.ts'
import { SEVERITIES } from '../../domain/severity.ts'
import { Count, Labels, SeverityWord, Texts, Time } from '../api/schema-parts.ts'
import { SPAN_MAX_MS, SPAN_MIN_MS } from './limits.ts'

const closed = <P extends Type.TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

const LINE_MAX = 200
const TEXT_MAX = 4_096
const EXPRESSION_MAX = 1_000
const LABELS_MAX = 32
const TAGS_MAX = 32

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const SLUG = /^[a-z0-9_-]{1,100}$/

const Line = Type.String({ minLength: 1, maxLength: LINE_MAX, pattern: '^[^\\u0000-\\u001f]+$' })
const Seconds = Type.Integer({ minimum: SPAN_MIN_MS / 1_000, maximum: SPAN_MAX_MS / 1_000 })
const LabelValue = Type.String({ minLength: 1, maxLength: 1_024 })
const SomeLabels = Type.Record(Type.String({ minLength: 1, maxLength: 128 }), LabelValue, {
  maxProperties: LABELS_MAX,
})
const Source = closed({
  /** As in `/webhooks/<name>`. */
  name: Line,
  /** It speaks only for alerts with all of these. */
  labels: Type.Optional(SomeLabels),
  /** Each delivery of the source is a sign of life. */
  deliveries: Type.Optional(Type.Boolean()),
})

const settings = {
  name: Line,
  slug: Type.String({ pattern: SLUG.source, description: 'For /ping/<key>/<slug>' }),
  description: Type.String({ maxLength: TEXT_MAX }),
  tags: Type.Array(Line, { maxItems: TAGS_MAX, uniqueItems: true }),
  periodSeconds: { ...Seconds, description: 'Expected at least this often; or else `schedule`' },
  schedule: Type.String({
    minLength: 1,
    maxLength: EXPRESSION_MAX,
    description: 'Cron, or systemd OnCalendar (a line each)',
  }),
  timeZone: Type.String({ minLength: 1, maxLength: 64, description: 'IANA name; default UTC' }),
  graceSeconds: Seconds,
  severity: Type.Enum([...SEVERITIES]),
  /** Of the alert when it is missed; its CI is found by them. */
  labels: SomeLabels,
  /** Once paused, no ping resumes it. */
  manualResume: Type.Boolean(),
  /** GET and HEAD are no signs of life. */
  postOnly: Type.Boolean(),
  source: Type.Union([Source, Type.Null()], {
    description: 'While it is missed, silence of this source resolves nothing',
  }),
}

const { name, ...rest } = settings

export const NewHeartbeat = closed({
  name,
  ...Type.Partial(Type.Object(rest)).properties,
  scope: Type.Optional(Line),
  /** Kept from elsewhere, so that ping URLs only change their host. Default: a new one. */
  uuid: Type.Optional(Type.String({ pattern: UUID.source })),
})
export type NewHeartbeat = Static<typeof NewHeartbeat>

export const HeartbeatUpdate = closed(Type.Partial(Type.Object(settings)).properties)
export type HeartbeatUpdate = Static<typeof HeartbeatUpdate>

/** What a ping to a slug asks that nobody has defined (`?create=1`). */
export const HeartbeatEnsured = closed({
  slug: settings.slug,
  uuid: Type.String({ pattern: UUID.source }),
})
export type HeartbeatEnsured = Static<typeof HeartbeatEnsured>

export const Nothing = closed({})

const StatusWord = Type.Enum([...HEARTBEAT_STATUSES])

export const HeartbeatView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  slug: Type.String(),
  description: Type.Optional(Type.String()),
  tags: Texts,
  status: StatusWord,
  /** Since when it has this status. */
  since: Type.Optional(Time),
  lastPingAt: Type.Optional(Time),
  nextDueAt: Type.Optional(Time),
  /** Missed unless heard of by then. */
  graceEndsAt: Type.Optional(Time),
  /** It began to wait anew then, because Faultline itself had been away. */
  graceRestartedAt: Type.Optional(Time),
  /** Start of the run under way. */
  startedAt: Type.Optional(Time),
  lastDurationSeconds: Type.Optional(Type.Number()),
  pingCount: Count,
  scheduleKind: Type.Enum(['period', 'cron', 'on-calendar']),
  periodSeconds: Type.Optional(Type.Number()),
  schedule: Type.Optional(Type.String()),
  timeZone: Type.Optional(Type.String()),
  graceSeconds: Type.Number(),
  /** Share of the last 30 days, as far as it was watched, that it was not down; 0 to 1. */
  uptime: Type.Optional(Type.Number()),
  severity: SeverityWord,
  scope: Type.String(),
  labels: Labels,
  manualResume: Type.Boolean(),
  postOnly: Type.Boolean(),
  source: Type.Optional(
    Type.Object({ name: Type.String(), labels: Labels, deliveries: Type.Boolean() }),
  ),
  /** Absent where only alerts feed it. */
  pingUrl: Type.Optional(Type.String()),
  badgeUrl: Type.String(),
  version: Count,
  createdAt: Time,
  createdBy: Type.String(),
})
export type HeartbeatView = Static<typeof HeartbeatView>

export const HeartbeatPingView = Type.Object({
  number: Count,
  at: Time,
  signal: Type.Enum([...PING_SIGNALS]),
  exitStatus: Type.Optional(Count),
  rid: Type.Optional(Type.String()),
  durationSeconds: Type.Optional(Type.Number()),
  method: Type.Optional(Type.String()),
  from: Type.Optional(Type.String()),
  userAgent: Type.Optional(Type.String()),
  body: Type.Optional(Type.String()),
  bodyBytes: Type.Optional(Count),
  /** Without effect: paused until resumed by hand, or not a POST. */
  ignored: Type.Optional(Type.Boolean()),
})
export type HeartbeatPingView = Static<typeof HeartbeatPingView>

export const HeartbeatTransitionView = Type.Object({
  version: Count,
  at: Time,
  from: StatusWord,
  to: StatusWord,
  reason: Type.String(),
})
export type HeartbeatTransitionView = Static<typeof HeartbeatTransitionView>
