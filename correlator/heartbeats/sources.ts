// Which sources are blind: their heartbeat is missed, so their silence proves nothing.
import type { HeartbeatSource } from '../../domain/heartbeat.ts'
import type { Millis } from '../../domain/time.ts'
import type { LiveAlert } from '../live-alert.ts'
import type { Beat } from './beat.ts'

export interface BlindSources {
  /** The heartbeat is new, or speaks for another source than before. */
  enter(beat: Beat): void
  leave(beat: Beat): void
  /** Those for which each delivery of the source is a sign of life. */
  heardBy(scope: string, source: string): readonly Beat[]
  /**
   * Until when its silence since `silentAt` must not resolve the alert; infinity while its source
   * is blind, or is not heard of though it was due about then.
   */
  heldUntil(alert: LiveAlert, silentAt: Millis, recoveryMs: Millis): Millis
  /** @returns true where alerts have waited for a word of this heartbeat */
  isAwaited(beat: Beat): boolean
}

const keyOf = (scope: string, source: string): string => `${scope}\n${source}`

const speaksFor = ({ labels }: HeartbeatSource, alert: LiveAlert): boolean => {
  for (const name in labels) if (alert.labels[name] !== labels[name]) return false
  return true
}

/**
 * By then it was due, or nearly so: what a source tells last before it dies is not told in one
 * instant, so an alert may be silent a little before its heartbeat is.
 */
const isDoubtful = (beat: Beat, silentAt: Millis): boolean => {
  const { condition, dueAt, lastPingAt, definition } = beat
  if (condition !== 'up' || dueAt === null) return false
  const nearMs = Math.min((dueAt - (lastPingAt ?? dueAt)) / 2, definition.graceMs)
  return silentAt >= dueAt - nearMs
}

export const createBlindSources = (): BlindSources => {
  const speakers = new Map<string, Beat[]>()
  const places = new Map<Beat, string>()
  const awaited = new Set<Beat>()
  const leave = (beat: Beat): void => {
    const key = places.get(beat)
    if (key === undefined) return
    places.delete(beat)
    awaited.delete(beat)
    const rest = speakers.get(key)!.filter((other) => other !== beat)
    if (rest.length === 0) speakers.delete(key)
    else speakers.set(key, rest)
  }
  return {
    enter: (beat) => {
      leave(beat)
      const { source, scope } = beat.definition
      if (source === undefined) return
      const key = keyOf(scope, source.name)
      places.set(beat, key)
      speakers.set(key, [...(speakers.get(key) ?? []), beat])
    },
    leave,
    heardBy: (scope, source) =>
      speakers.size === 0
        ? []
        : (speakers.get(keyOf(scope, source)) ?? []).filter(
            ({ definition }) => definition.source!.deliveries,
          ),
    isAwaited: (beat) => awaited.delete(beat),
    heldUntil: (alert, silentAt, recoveryMs) => {
      if (speakers.size === 0) return 0
      let until = 0
      for (const beat of speakers.get(keyOf(alert.scope, alert.source)) ?? []) {
        if (!speaksFor(beat.definition.source!, alert)) continue
        if (beat.condition === 'down' || isDoubtful(beat, silentAt)) {
          awaited.add(beat)
          return Number.POSITIVE_INFINITY
        }
        if (beat.recoveredAt !== null) until = Math.max(until, beat.recoveredAt + recoveryMs)
      }
      return until
    },
  }
}
