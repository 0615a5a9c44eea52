// Mutes: what people planned not to be told of, and why an alert is muted now.
import type { Matcher } from './matcher.ts'
import type { Millis } from './time.ts'

/** `transient`: held back for a moment, because such alerts usually resolve by themselves. */
export const MUTE_REASONS = ['silence', 'maintenance', 'inhibition', 'transient'] as const
export type MuteReason = (typeof MUTE_REASONS)[number]

/** From inclusive, to exclusive. */
export interface Span {
  readonly from: Millis
  readonly to: Millis
}

/** A silence or a maintenance window, as the desk tells it: the newest version holds. */
export interface Mute {
  readonly id: string
  readonly version: number
  readonly reason: 'silence' | 'maintenance'
  /** The silence's comment, or the window's title. */
  readonly title: string
  /** Who planned it. */
  readonly by: string
  /** All must match. */
  readonly matchers: readonly Matcher[]
  /** Roots of CI subtrees, one of which the alert's CI must be in; none = wherever it is. */
  readonly cis: readonly string[]
  /** When it holds, ascending; a recurring window is told anew before they run out. */
  readonly spans: readonly Span[]
}

/** One reason why an alert is muted. */
export interface Muting {
  readonly reason: MuteReason
  /** Id of the silence or window, name of the inhibition rule, or the alert type. */
  readonly by: string
  /** One sentence. */
  readonly text: string
  /** When it ends by itself, where that is known. */
  readonly until?: Millis
}
