// The intake's dealings with the log: what is kept, and how much may wait for it.
import type { Integration } from '../domain/integration.ts'
import { type Log, LogUnavailableError } from '../domain/ports/log.ts'
import {
  type CommandRecord,
  DEFAULT_SCOPE,
  type EventsBatch,
  encodeRecord,
  partitionOfScope,
  RECORD_FORMAT,
} from '../domain/records.ts'
import { createFingerprintBudget } from './budget.ts'
import type { IntakeResult, NotTaken } from './delivery.ts'
import type { NormalisedDelivery, ScopeBatch } from './normalise.ts'
import type { IngestSettings } from './settings.ts'
import { createShedding } from './shedding.ts'
import type { UnderWay } from './under-way.ts'

const RETRY_AFTER_SECONDS = 5
const HEADERS = { format: RECORD_FORMAT }

const overloaded: NotTaken = {
  kind: 'refused',
  status: 503,
  reason: 'overloaded',
  detail: 'too many deliveries are waiting for the log; nothing was kept',
  retryAfterSeconds: RETRY_AFTER_SECONDS,
}

const shed: NotTaken = {
  ...overloaded,
  reason: 'shed',
  detail: 'the room that is left is for more important deliveries; nothing was kept of this one',
}

export const createLogEdge = (log: Log, settings: IngestSettings) => {
  let partitions: number | undefined
  let waitingBytes = 0
  const budget = createFingerprintBudget(settings.limits.newFingerprintsPerMinuteMax)
  const isShed = createShedding(settings.shedding)

  const eventPartitions = async (): Promise<number> => {
    partitions ??= await log.partitions('events')
    return partitions
  }

  return {
    /**
     * Refused, since what is more important may need the room that is left.
     * @param bytes its own: one that is alone is taken, however large it is
     */
    objection: ({ batches, accepted }: NormalisedDelivery, bytes: number): NotTaken | undefined =>
      isShed((waitingBytes - bytes) / settings.limits.waitingBytesMax, batches)
        ? { ...shed, items: accepted }
        : undefined,
    keep: async ({ batches }: NormalisedDelivery, owner?: Integration): Promise<void> => {
      if (batches.length === 0) return
      const count = partitions ?? (await eventPartitions())
      const append = ({ batch }: ScopeBatch): Promise<number> => {
        const values = encodeBatch(budget.fold(batch, owner), settings.limits.recordBytesMax)
        const entries = values.map((value) => ({ value, headers: HEADERS }))
        return log.append('events', partitionOfScope(batch.scope, count), entries)
      }
      const [only] = batches
      if (batches.length === 1 && only !== undefined) await append(only)
      else await Promise.all(batches.map(append))
    },
    keepEverywhere: async (values: readonly Uint8Array[]): Promise<void> => {
      if (values.length === 0) return
      const entries = values.map((value) => ({ value, headers: HEADERS }))
      const every = Array.from({ length: await eventPartitions() }, (_, partition) => partition)
      await Promise.all(every.map((partition) => log.append('events', partition, entries)))
    },
    /** For the desk, which lists what tools report of changes beside what people request. */
    tellDesk: async (commands: readonly CommandRecord[]): Promise<void> => {
      if (commands.length === 0) return
      const count = await log.partitions('commands')
      await Promise.all(
        commands.map((command) => {
          const value = encodeRecord('commands', command)
          const partition = partitionOfScope(command.target, count)
          return log.append('commands', partition, [{ value, headers: HEADERS }])
        }),
      )
    },
    keepRefused: async (letters: readonly Uint8Array[]): Promise<void> => {
      if (letters.length === 0) return
      const count = await log.partitions('dead-letters')
      const entries = letters.map((value) => ({ value, headers: HEADERS }))
      await log.append('dead-letters', partitionOfScope(DEFAULT_SCOPE, count), entries)
    },
    /** Bounds the memory of deliveries under way, and turns an unavailable log into an answer. */
    bounded: async (
      delivery: UnderWay,
      take: (delivery: UnderWay) => Promise<IntakeResult>,
    ): Promise<IntakeResult> => {
      const bytes = delivery.body.length
      if (waitingBytes > 0 && waitingBytes + bytes > settings.limits.waitingBytesMax)
        return overloaded
      waitingBytes += bytes
      try {
        return await take(delivery)
      } catch (error) {
        if (!(error instanceof LogUnavailableError)) throw error
        const detail = 'the log cannot take records now; the delivery may be sent again'
        const retryAfterSeconds = RETRY_AFTER_SECONDS
        return {
          kind: 'refused',
          status: 503,
          reason: 'log-unavailable',
          detail,
          retryAfterSeconds,
        }
      } finally {
        waitingBytes -= bytes
      }
    },
  }
}

export type LogEdge = ReturnType<typeof createLogEdge>

/** One record, or as many halves as it takes to stay within the limit. */
const encodeBatch = (batch: EventsBatch, bytesMax: number): Uint8Array[] => {
  const whole = encodeRecord('events', batch)
  if (whole.length <= bytesMax || batch.events.length === 1) return [whole]
  const middle = batch.events.length >> 1
  const { deliveryId, events } = batch
  return [
    ...encodeBatch(
      { ...batch, deliveryId: `${deliveryId}/a`, events: events.slice(0, middle) },
      bytesMax,
    ),
    ...encodeBatch(
      { ...batch, deliveryId: `${deliveryId}/b`, events: events.slice(middle) },
      bytesMax,
    ),
  ]
}
