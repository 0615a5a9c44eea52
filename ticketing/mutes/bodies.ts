// What people may send about silences and maintenance windows.
import { type Static, Type } from 'typebox'
import { MatchersBody } from './matchers.ts'
import { DURATION_MAX_MS, DURATION_MIN_MS } from './recurrence.ts'

const closed = <P extends Type.TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

const Line = Type.String({ minLength: 1, maxLength: 200 })
const Comment = Type.String({ minLength: 1, maxLength: 1_024 })
const Id = Type.String({ minLength: 1, maxLength: 256 })
const Time = Type.String({ format: 'date-time' })
const Cis = Type.Array(Id, { maxItems: 200, uniqueItems: true })
const DurationMs = Type.Integer({ minimum: DURATION_MIN_MS, maximum: DURATION_MAX_MS })

/** From now on unless `startsAt` is given; either `endsAt` or `durationMs`. */
export const NewSilence = closed({
  matchers: MatchersBody,
  comment: Comment,
  startsAt: Type.Optional(Time),
  endsAt: Type.Optional(Time),
  durationMs: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Who asked for it, where that is not who sends it. */
  createdBy: Type.Optional(Line),
})
export type NewSilence = Static<typeof NewSilence>

/** What is absent stays as it is. */
export const SilenceUpdate = closed({
  matchers: Type.Optional(MatchersBody),
  comment: Type.Optional(Comment),
  startsAt: Type.Optional(Time),
  endsAt: Type.Optional(Time),
  durationMs: Type.Optional(Type.Integer({ minimum: 1 })),
})
export type SilenceUpdate = Static<typeof SilenceUpdate>

export const RecurrenceBody = closed({
  /** Five parts, e.g. `0 2 * * SUN`. */
  cron: Type.String({ minLength: 5, maxLength: 200 }),
  /** IANA name; default UTC. */
  timeZone: Type.Optional(Line),
  durationMs: DurationMs,
})

/**
 * What it covers: alerts that match, on these CIs and all that depends on them; at least one of the
 * two. When: once from `startsAt` to `endsAt`, or by `recurrence` between them, for good without an end.
 */
export const NewWindow = closed({
  title: Line,
  matchers: Type.Optional(MatchersBody),
  cis: Type.Optional(Cis),
  startsAt: Type.Optional(Time),
  endsAt: Type.Optional(Time),
  recurrence: Type.Optional(RecurrenceBody),
})
export type NewWindow = Static<typeof NewWindow>

/** Which live alerts it would cover. */
export const MutePreviewBody = closed({
  matchers: Type.Optional(MatchersBody),
  cis: Type.Optional(Cis),
})
export type MutePreviewBody = Static<typeof MutePreviewBody>
