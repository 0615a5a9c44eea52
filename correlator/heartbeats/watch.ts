// How far the edge is known to have listened: what it did not hear then proves nothing.
import type { EventsRecord } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import type { HeartbeatSettings } from './settings.ts'

/** Plain JSON. */
export interface WatchState {
  /** Newest time at which the edge took something or said that it listens; null until it has. */
  edgeAt: Millis | null
  /** End of the newest stretch in which it did not. */
  backAt: Millis | null
}

export const newWatch = (): WatchState => ({ edgeAt: null, backAt: null })

/** When the edge took this; undefined where something else wrote the record. */
const heardAt = (record: EventsRecord): Millis | undefined => {
  if (record.kind === 'events') return record.receivedAt
  if (record.kind === 'ping') return record.at
  return record.kind === 'tick' && record.edge !== undefined ? record.at : undefined
}

/**
 * @returns when the edge was back, where this record ends a stretch in which it did not listen.
 *   Only an edge that says that it listens can be found silent
 */
export const listen = (
  watch: WatchState,
  record: EventsRecord,
  { edgeSilenceMaxMs }: HeartbeatSettings,
): Millis | undefined => {
  const at = heardAt(record)
  if (at === undefined) return undefined
  const { edgeAt } = watch
  const isEdge = record.kind === 'tick'
  if (edgeAt === null && !isEdge) return undefined
  watch.edgeAt = Math.max(edgeAt ?? at, at)
  const began = isEdge && record.edge === 'began' && at >= (edgeAt ?? 0)
  if (edgeAt === null || !(began || at - edgeAt > edgeSilenceMaxMs)) return undefined
  watch.backAt = at
  return at
}

/** Up to when heartbeats may be judged: pings of before may still be on their way to the log. */
export const watermark = ({ edgeAt }: WatchState, { pingDelayMaxMs }: HeartbeatSettings): Millis =>
  edgeAt === null ? Number.NEGATIVE_INFINITY : edgeAt - pingDelayMaxMs
