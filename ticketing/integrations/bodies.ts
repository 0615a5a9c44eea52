// What commands about integrations carry, and what the API takes and shows of them.
import { type Static, Type } from 'typebox'
import { Count, Time } from '../api/schema-parts.ts'

const LINE_MAX = 200
const EXPRESSION_MAX = 512
const LABELS_MAX = 64
const BODY_LENGTH_MAX = 1024 * 1024
const OVERLAP_MINUTES_MAX = 7 * 24 * 60

const closed = <P extends Type.TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

const Line = Type.String({ minLength: 1, maxLength: LINE_MAX, pattern: '^[^\\u0000-\\u001f]+$' })
const SourceName = Type.String({ pattern: '^[a-z0-9-]{1,40}$' })
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Expression = Type.String({ minLength: 1, maxLength: EXPRESSION_MAX })
const Word = Type.String({ maxLength: LINE_MAX })
const maybe = Type.Optional
const orNone = <T extends Type.TSchema>(schema: T) => maybe(Type.Union([schema, Type.Null()]))

/** JMESPath; the edge says what is wrong with an expression. */
export const Mapping = closed({
  items: maybe(Expression),
  name: Expression,
  status: maybe(Expression),
  severity: maybe(Expression),
  summary: maybe(Expression),
  identity: maybe(Type.Array(Expression, { maxItems: LABELS_MAX })),
  startsAt: maybe(Expression),
  endsAt: maybe(Expression),
  link: maybe(Expression),
  labels: Type.Record(Line, Expression, { maxProperties: LABELS_MAX }),
  resolvedWords: maybe(Type.Array(Word, { maxItems: LABELS_MAX })),
})

const limits = {
  deliveriesPerMinuteMax: maybe(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  newFingerprintsPerMinuteMax: maybe(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
}

export const NewIntegration = closed({
  name: Line,
  source: maybe(SourceName),
  mapping: maybe(Mapping),
  ...limits,
})
export type NewIntegration = Static<typeof NewIntegration>

export const IntegrationChanges = closed({
  name: maybe(Line),
  source: orNone(SourceName),
  mapping: orNone(Mapping),
  disabled: maybe(Type.Boolean()),
  ...limits,
})
export type IntegrationChanges = Static<typeof IntegrationChanges>

export const Rotation = closed({
  /** Minutes for which the old token stays valid; default 60, 0 = not a moment. */
  overlapMinutes: maybe(Type.Integer({ minimum: 0, maximum: OVERLAP_MINUTES_MAX })),
})
export type Rotation = Static<typeof Rotation>

export const DryRunBody = closed({
  /** Default: generic. */
  source: maybe(SourceName),
  mapping: maybe(Mapping),
  /** What the tool posts: JSON, or text that holds it. */
  body: Type.Unknown(),
})

export const ReplayBody = closed({
  /** Reads the letter by this mapping instead. */
  mapping: maybe(Mapping),
  /** Takes the letter as another source's. */
  source: maybe(SourceName),
})

/** The commands: tokens are hashes before anything reaches the log. */
export const IntegrationCreated = closed({ ...NewIntegration.properties, sha256: Sha256 })
export type IntegrationCreated = Static<typeof IntegrationCreated>
export const IntegrationRotated = closed({
  sha256: Sha256,
  overlapMs: Type.Integer({ minimum: 0 }),
})
export type IntegrationRotated = Static<typeof IntegrationRotated>
export const LetterReplayed = closed({
  status: Type.Integer(),
  accepted: Count,
  reason: maybe(Type.String({ maxLength: LINE_MAX })),
})
export type LetterReplayed = Static<typeof LetterReplayed>

export const BODY_MAX = BODY_LENGTH_MAX

export const IntegrationView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** Absent: it may send as any. */
  source: maybe(Type.String()),
  mapping: maybe(Mapping),
  deliveriesPerMinuteMax: Count,
  newFingerprintsPerMinuteMax: Count,
  disabled: Type.Boolean(),
  /** Tokens that are valid now, newest first; of a token only the end of its hash is shown. */
  tokens: Type.Array(
    Type.Object({ mark: Type.String(), createdAt: Time, validUntil: maybe(Time) }),
  ),
  createdBy: Type.String(),
  createdAt: Time,
  version: Count,
})
export type IntegrationView = Static<typeof IntegrationView>

export const DeliveryView = Type.Object({
  at: Time,
  /** Absent: no integration was named. */
  integration: maybe(Type.String()),
  source: Type.String(),
  status: Type.Integer({ description: 'as answered' }),
  bytes: Count,
  accepted: Count,
  refused: Count,
  reason: maybe(Type.String()),
  detail: maybe(Type.String()),
  deliveryId: maybe(Type.String()),
})
export type DeliveryView = Static<typeof DeliveryView>

export const DryRunView = Type.Object({
  events: Type.Array(Type.Object({}, { additionalProperties: true })),
  refused: Type.Array(
    Type.Object({ index: maybe(Type.Integer()), reason: Type.String(), detail: Type.String() }),
  ),
  ignored: Type.Array(Type.Object({ index: Type.Integer(), reason: Type.String() })),
})
export type DryRunView = Static<typeof DryRunView>
