// What the API answers of silences and maintenance windows.
import { type Static, Type } from 'typebox'
import { Count, Texts, Time } from '../api/schema-parts.ts'
import { AlertView } from '../api/schemas.ts'

export const SILENCE_STATES = ['pending', 'active', 'expired'] as const
export type SilenceState = (typeof SILENCE_STATES)[number]

export const SilenceView = Type.Object({
  id: Type.String(),
  status: Type.Enum([...SILENCE_STATES]),
  /** `{service="db"}` */
  matchers: Type.String(),
  comment: Type.String(),
  createdBy: Type.String(),
  startsAt: Time,
  endsAt: Time,
  updatedAt: Time,
  version: Count,
})
export type SilenceView = Static<typeof SilenceView>

export const WINDOW_STATES = ['planned', 'active', 'over', 'cancelled'] as const
export type WindowState = (typeof WINDOW_STATES)[number]

export const MaintenanceWindowView = Type.Object({
  id: Type.String(),
  title: Type.String(),
  status: Type.Enum([...WINDOW_STATES]),
  /** With all that depends on them, runs on them or is a part of them. */
  cis: Texts,
  /** Absent: whatever is on those CIs. */
  matchers: Type.Optional(Type.String()),
  /** Of the occurrence that holds or comes next, where it recurs. */
  startsAt: Time,
  endsAt: Time,
  recurrence: Type.Optional(
    Type.Object({
      cron: Type.String(),
      timeZone: Type.String(),
      durationMs: Type.Integer(),
      from: Time,
      /** Absent: for good. */
      until: Type.Optional(Time),
    }),
  ),
  createdBy: Type.String(),
  changeId: Type.Optional(Type.String()),
  version: Count,
})
export type MaintenanceWindowView = Static<typeof MaintenanceWindowView>

/** Live alerts that would be muted. */
export const MutePreview = Type.Object({
  /** Firing alerts that match, all of them. */
  count: Count,
  /** Firing alerts looked at; the rest, beyond the limit, was not. */
  looked: Count,
  /** The last seen of those that match. */
  items: Type.Array(AlertView),
})
export type MutePreview = Static<typeof MutePreview>
