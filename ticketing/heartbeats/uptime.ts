// Uptime: how much of the time that a heartbeat was watched it was not down.
import type { HeartbeatStatus } from '../../domain/heartbeat.ts'
import type { Millis } from '../../domain/time.ts'

export interface StatusChange {
  readonly at: Millis
  readonly from: HeartbeatStatus
  readonly to: HeartbeatStatus
}

const isWatched = (status: HeartbeatStatus): boolean => status !== 'new' && status !== 'paused'

/**
 * @param changes within the window or before, oldest first
 * @param status as it is now
 * @returns 0 to 1; undefined where it was not watched at all
 */
export const uptimeOf = (
  changes: readonly StatusChange[],
  status: HeartbeatStatus,
  from: Millis,
  to: Millis,
): number | undefined => {
  let watchedMs = 0
  let downMs = 0
  let at = from
  const pass = (until: Millis, was: HeartbeatStatus): void => {
    const lastedMs = Math.max(0, Math.min(until, to) - at)
    if (isWatched(was)) watchedMs += lastedMs
    if (was === 'down') downMs += lastedMs
    at = Math.max(at, Math.min(until, to))
  }
  for (const change of changes) pass(change.at, change.from)
  pass(to, changes.at(-1)?.to ?? status)
  return watchedMs === 0 ? undefined : 1 - downMs / watchedMs
}
