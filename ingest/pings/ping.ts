// What the URL of a ping says: the signal, the exit status, the run.
import type { PingSignal } from '../../domain/heartbeat.ts'

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
export const SLUG = /^[a-z0-9_-]{1,100}$/

const EXIT_STATUS = /^\d{1,5}$/
const EXIT_STATUS_MAX = 255
const SIGNALS: ReadonlySet<string> = new Set<PingSignal>(['start', 'fail', 'log'])

export interface Signalled {
  readonly signal: PingSignal
  readonly exitStatus?: number
}

/** @returns undefined where the last segment of the URL is none of healthchecks.io's */
export const readSignal = (segment: string | undefined): Signalled | undefined => {
  if (segment === undefined || segment === '') return { signal: 'success' }
  if (SIGNALS.has(segment)) return { signal: segment as PingSignal }
  if (!EXIT_STATUS.test(segment)) return undefined
  const exitStatus = Number(segment)
  if (exitStatus > EXIT_STATUS_MAX) return undefined
  return { signal: exitStatus === 0 ? 'success' : 'fail', exitStatus }
}

/** @returns null where it is no UUID in the canonical form */
export const readRid = (rid: unknown): string | undefined | null => {
  if (rid === undefined) return undefined
  return typeof rid === 'string' && UUID.test(rid) ? rid.toLowerCase() : null
}

const BARE_UUID = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i

/** Uptime Kuma's push tokens have no hyphens; a UUID with or without them will do. */
export const readToken = (token: string): string | undefined =>
  BARE_UUID.exec(token)?.slice(1).join('-').toLowerCase()

const PING_MS_MAX = 100_000_000_000

/** Kuma's `ping`, a time in ms. @returns null where it is none */
export const readPingMs = (ping: unknown): number | undefined | null => {
  if (ping === undefined || ping === '') return undefined
  const value = typeof ping === 'string' ? Number.parseFloat(ping) : Number.NaN
  if (Number.isNaN(value)) return undefined
  return value >= 0 && value <= PING_MS_MAX ? Math.round(value) : null
}
