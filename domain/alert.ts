// An alert: the state of one condition over time, as the correlator tells it.
import type { AlertStatus, Labels } from './event.ts'
import type { Evidence } from './evidence.ts'
import type { MuteReason, Muting } from './mute.ts'
import type { Severity } from './severity.ts'
import type { Millis } from './time.ts'

export interface Alert {
  /** fingerprint and the ordinal of its life: a re-fire after the reopen window is a new alert. */
  readonly id: string
  /** Grows with each output; a sink ignores what is not newer than what it has. */
  readonly version: number
  readonly fingerprint: string
  readonly scope: string
  readonly source: string
  readonly name: string
  readonly severity: Severity
  readonly summary: string
  readonly labels: Labels
  /** The CI that it was bound to; absent where no rule found one. */
  readonly ci?: string
  readonly status: AlertStatus
  readonly startsAt: Millis
  /** Log time of the first and the newest event. */
  readonly firstSeen: Millis
  readonly lastSeen: Millis
  readonly resolvedAt?: Millis
  /** Further firing events of the same condition, the first not counted. */
  readonly occurrences: number
  readonly flapping: boolean
  /** How often it fired anew after a resolve. */
  readonly flaps?: number
  /** The first of `muting`; once resolved: as it was then. */
  readonly muted?: MuteReason
  /** All that mutes it, at most a few. */
  readonly muting?: readonly Muting[]
  readonly incidentId?: string
  /** Why it is in its incident. */
  readonly evidence: readonly Evidence[]
  readonly link?: string
  readonly runbook?: string
}
