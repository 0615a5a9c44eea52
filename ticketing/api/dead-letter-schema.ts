// What the API shows of what could not be taken.
import { type Static, Type } from 'typebox'
import { Count, Time } from './schema-parts.ts'

export const DeadLetterView = Type.Object({
  id: Type.String(),
  at: Time,
  source: Type.String(),
  reason: Type.String(),
  detail: Type.String(),
  /** The refused item as text, cut at the limit. */
  payload: Type.String(),
  index: Type.Optional(Count),
  position: Type.Optional(Type.Object({ topic: Type.String(), partition: Count, offset: Count })),
  /** The integration that sent it. */
  integration: Type.Optional(Type.String()),
  /** True: it can be offered again, `POST /api/v1/dead-letters/:id/replay`. */
  replayable: Type.Boolean(),
  /** The newest time that it was. */
  replayed: Type.Optional(
    Type.Object({
      at: Time,
      actor: Type.String(),
      status: Type.Integer(),
      accepted: Count,
      reason: Type.Optional(Type.String()),
    }),
  ),
})
export type DeadLetterView = Static<typeof DeadLetterView>
