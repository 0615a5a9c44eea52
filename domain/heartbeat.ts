// Heartbeats: an expected sign of life, how it comes in, and what is known of it.
import type { Labels } from './event.ts'
import type { Severity } from './severity.ts'
import type { Millis } from './time.ts'

export type HeartbeatSchedule =
  | { readonly kind: 'period'; readonly periodMs: Millis }
  /** Five fields, or six with seconds first; an IANA time zone. */
  | { readonly kind: 'cron'; readonly expression: string; readonly timeZone: string }
  /** systemd's OnCalendar=, a line each; the earliest counts. */
  | { readonly kind: 'on-calendar'; readonly expression: string; readonly timeZone: string }

/** The source that a heartbeat speaks for: while it is missed, that source's silence proves nothing. */
export interface HeartbeatSource {
  /** As in `/webhooks/<name>`. */
  readonly name: string
  /** Only alerts with all of these labels. */
  readonly labels: Labels
  /** Each delivery of the source is a sign of life, too. */
  readonly deliveries: boolean
}

export interface HeartbeatDefinition {
  readonly id: string
  readonly name: string
  readonly scope: string
  readonly schedule: HeartbeatSchedule
  /** Late for longer than this is missed; a run that takes longer is, too. */
  readonly graceMs: Millis
  /** Of the alert when it is missed. */
  readonly severity: Severity
  /** Of the alert; its CI is found by them. */
  readonly labels: Labels
  /** Once paused, a ping does not resume it. */
  readonly manualResume: boolean
  /** GET and HEAD are no signs of life: link previews and mail scanners fetch URLs. */
  readonly postOnly: boolean
  readonly source?: HeartbeatSource
}

export const PING_SIGNALS = ['success', 'start', 'fail', 'log'] as const
export type PingSignal = (typeof PING_SIGNALS)[number]

/** What came in with one ping; the same at the edge, in the log and in the list of pings. */
export interface PingDetails {
  readonly signal: PingSignal
  readonly at: Millis
  /** 0 to 255, where the ping said it. */
  readonly exitStatus?: number
  /** Run id, a UUID in lower case: pairs a start with its end. */
  readonly rid?: string
  /** How long it took, where the sender said so. */
  readonly durationMs?: Millis
  readonly method?: string
  readonly from?: string
  readonly userAgent?: string
  /** The first `pingBodyBytesMax` bytes of the body, as text. */
  readonly body?: string
  /** Bytes of the whole body. */
  readonly bodyBytes?: number
}

/** `started`: a run is under way; `late`: due, and still within its grace. */
export const HEARTBEAT_STATUSES = ['new', 'up', 'late', 'down', 'paused', 'started'] as const
export type HeartbeatStatus = (typeof HEARTBEAT_STATUSES)[number]

/** Why a heartbeat changed its status. */
export type HeartbeatReason =
  | 'defined'
  | 'pinged'
  | 'started'
  | 'due'
  | 'missed'
  | 'overran'
  | 'failed'
  | 'paused'
  | 'resumed'
  /** Faultline itself was away: what it missed is held against nobody. */
  | 'grace-restarted'

export interface HeartbeatTransition {
  /** Of the heartbeat when it changed; unique and growing. */
  readonly version: number
  readonly at: Millis
  readonly from: HeartbeatStatus
  readonly to: HeartbeatStatus
  readonly reason: HeartbeatReason
}

/** One ping as it was taken. */
export interface HeartbeatPing extends PingDetails {
  /** From 1, without gaps. */
  readonly number: number
  /** Understood, and without effect: paused until resumed by hand, or not a POST. */
  readonly ignored?: boolean
}

/** A heartbeat as the correlator tells it. */
export interface Heartbeat {
  readonly id: string
  /** Grows with each output. */
  readonly version: number
  readonly scope: string
  readonly status: HeartbeatStatus
  /** Log time since when it has had this status. */
  readonly since: Millis
  readonly pingCount: number
  readonly lastPingAt?: Millis
  /** Of the last run whose start and end were both heard. */
  readonly lastDurationMs?: Millis
  /** Start of the oldest run under way. */
  readonly startedAt?: Millis
  /** When the next sign of life is expected, and when its grace is over. */
  readonly nextDueAt?: Millis
  readonly graceEndsAt?: Millis
  /** When it last began to wait anew because Faultline itself had been away. */
  readonly graceRestartedAt?: Millis
  /** Set where the correlator made it by itself, from a Watchdog alert. */
  readonly definition?: HeartbeatDefinition
}

/** Alerts of missed heartbeats have this source. */
export const HEARTBEAT_SOURCE = 'heartbeat'
