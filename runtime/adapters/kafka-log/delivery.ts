// Hands what Kafka fetched to the stage: in its order, in its portions, once, and tells the group.
import type { EachBatchPayload } from 'kafkajs'
import type { LogRecord, Subscription, Topic } from '../../../domain/ports/log.ts'
import type { Owned, Ownership } from './ownership.ts'
import { toRecord } from './records.ts'

const RECORDS_MAX = 500
/** A batch ends beyond this many bytes of values, whatever `recordsMax` says. */
const BATCH_BYTES_MAX = 4 * 1024 * 1024

export interface DeliverySettings {
  readonly subscription: Subscription
  readonly ownership: Ownership
  readonly heartbeatMs: number
  topicOf(name: string): Topic | undefined
  isEnded(): boolean
  failed(error: unknown): void
}

/** Tells the group that we live while something slow is under way. */
const withHeartbeats = async <T>(
  payload: EachBatchPayload,
  everyMs: number,
  work: Promise<T>,
): Promise<T> => {
  // A rebalance that a beat reports is met by the next beat that is awaited, after the batch.
  const timer = setInterval(() => payload.heartbeat().catch(() => {}), everyMs)
  try {
    return await work
  } finally {
    clearInterval(timer)
  }
}

/** Cuts at `recordsMax` records or enough bytes, whichever comes first. */
const takeChunk = (records: readonly LogRecord[], from: number, recordsMax: number): number => {
  let bytes = 0
  let to = from
  while (to < records.length && to - from < recordsMax && bytes < BATCH_BYTES_MAX) {
    bytes += records[to]!.value.length
    to += 1
  }
  return to
}

/** @returns what kafkajs is to call with each batch that it fetched */
export const createDelivery = (settings: DeliverySettings) => {
  const { subscription, ownership, heartbeatMs, isEnded } = settings
  const { recordsMax = RECORDS_MAX } = subscription

  const isOver = (payload: EachBatchPayload): boolean =>
    isEnded() || !payload.isRunning() || payload.isStale()

  /** False when the stage threw. */
  const give = async (payload: EachBatchPayload, records: readonly LogRecord[]) => {
    try {
      const dealtWith = subscription.batch(records, Number(payload.batch.highWatermark))
      await withHeartbeats(payload, heartbeatMs, dealtWith)
      return true
    } catch (error) {
      settings.failed(error)
      return false
    }
  }

  const deliver = async (payload: EachBatchPayload, owned: Owned): Promise<void> => {
    const records = payload.batch.messages.map((message) => toRecord(owned, message))
    let at = 0
    while (at < records.length && !isOver(payload) && ownership.has(owned)) {
      const to = takeChunk(records, at, recordsMax)
      const chunk = records.slice(at, to)
      if (!(await give(payload, chunk))) return
      ownership.advance(owned, chunk)
      payload.resolveOffset(String(owned.position - 1))
      await payload.heartbeat()
      at = to
    }
  }

  const commit = (payload: EachBatchPayload, { position }: Owned): Promise<void> => {
    const { topic, partition } = payload.batch
    const partitions = [{ partition, offset: String(position) }]
    return payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions }] })
  }

  return async (payload: EachBatchPayload): Promise<void> => {
    await withHeartbeats(payload, heartbeatMs, ownership.settled())
    if (isOver(payload)) return
    const { batch } = payload
    const owned = ownership.get(settings.topicOf(batch.topic), batch.partition)
    if (owned === undefined) return
    owned.end = Number(batch.highWatermark)
    const first = Number(batch.messages[0]!.offset)
    if (first !== owned.position && !(await ownership.realign(owned, first))) return
    const before = owned.position
    await deliver(payload, owned)
    if (owned.position > before && !isEnded()) await commit(payload, owned)
  }
}
