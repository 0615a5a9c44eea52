// The named limits of heartbeats at the desk.
import { DAY_MS, SECOND_MS } from '../../domain/time.ts'

/** Further ones are refused. */
export const HEARTBEATS_MAX = 20_000
/** Newest pings kept of each; the rest is only counted. */
export const PINGS_KEPT = 100
/** Changes of status are kept this long: uptime is computed from them. */
export const TRANSITIONS_KEPT_MS = 90 * DAY_MS
/** Uptime is of this long. */
export const UPTIME_WINDOW_MS = 30 * DAY_MS
/** Of a period and of a grace. */
export const SPAN_MIN_MS = SECOND_MS
export const SPAN_MAX_MS = 366 * DAY_MS

/** What healthchecks.io takes where nothing is said: auto-provisioned ones get these. */
export const DEFAULT_PERIOD_MS = DAY_MS
export const DEFAULT_GRACE_MS = DAY_MS / 24
