// The live edge behind every route: reads a delivery, makes it durable, and only then answers.
import { hash } from 'node:crypto'
import { hash64 } from '../domain/hash.ts'
import { type Log, LogUnavailableError } from '../domain/ports/log.ts'
import {
  DEFAULT_SCOPE,
  type EventsBatch,
  encodeRecord,
  partitionOfScope,
  RECORD_FORMAT,
} from '../domain/records.ts'
import type { Clock, Millis } from '../domain/time.ts'
import { inflateBody, readBody } from './body.ts'
import { readChanges } from './changes.ts'
import { deadLettersOf } from './dead-letters.ts'
import { type IngestMetrics, noMetrics } from './metrics.ts'
import { createNormaliser, type NormalisedDelivery, type Refusal } from './normalise.ts'
import type { IngestSettings } from './settings.ts'
import type { RefusalReason } from './source.ts'
import { SOURCES } from './sources/registry.ts'

/** A request as it came in. */
export interface RawDelivery {
  readonly source: string
  readonly body: Uint8Array
  readonly contentType?: string | undefined
  readonly contentEncoding?: string | undefined
  /** Lower-case names; only `ce-` ones are looked at. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Absent: now. */
  readonly receivedAt?: Millis
}

/** Everything durable, but for what is listed. */
export interface Taken {
  readonly kind: 'taken'
  readonly deliveryId: string
  readonly accepted: number
  readonly refusals: readonly Refusal[]
  /** Understood, and not an event. */
  readonly dropped: number
  /** The body, parsed, for answers that quote it. */
  readonly payload: unknown
}

/** Nothing was taken. */
export interface NotTaken {
  readonly kind: 'refused'
  readonly status: 400 | 404 | 413 | 415 | 422 | 503
  readonly reason: RefusalReason | 'log-unavailable' | 'overloaded'
  readonly detail: string
  readonly offset?: number
  readonly retryAfterSeconds?: number
  readonly refusals?: readonly Refusal[]
}

export type IntakeResult = Taken | NotTaken

/** As a backtest replays it. */
export interface RecordedDelivery {
  readonly receivedAt: Millis
  readonly source: string
  readonly payload: unknown
}

export interface IntakeOptions {
  readonly log: Log
  readonly clock: Clock
  readonly settings: IngestSettings
  readonly metrics?: IngestMetrics
  /** Told of every delivery taken, once it is durable. */
  readonly recordDelivery?: (delivery: RecordedDelivery) => void
}

export interface Intake {
  readonly settings: IngestSettings
  take(delivery: RawDelivery): Promise<IntakeResult>
  /** Changes go to every partition of `events`, since any scope may need them. */
  takeChanges(delivery: Omit<RawDelivery, 'source'>): Promise<IntakeResult>
}

const RETRY_AFTER_SECONDS = 5
const HEADERS = { format: RECORD_FORMAT }

const overloaded: NotTaken = {
  kind: 'refused',
  status: 503,
  reason: 'overloaded',
  detail: 'too many deliveries are waiting for the log; nothing was kept',
  retryAfterSeconds: RETRY_AFTER_SECONDS,
}

export const createIntake = (options: IntakeOptions): Intake => {
  const { log, clock, settings, metrics = noMetrics } = options
  const normalise = createNormaliser(settings)
  const edge = createEdge(log, settings)

  const finish = (source: string, delivery: { body: Uint8Array }, result: IntakeResult) => {
    const known = SOURCES.has(source) ? source : 'unknown'
    const status = result.kind === 'taken' ? 200 : result.status
    metrics.delivery(known, status, delivery.body.length)
    const refusals = result.refusals ?? []
    for (const { reason } of refusals) metrics.refused(known, reason, 1)
    if (result.kind === 'refused' && refusals.length === 0) metrics.refused(known, result.reason, 1)
    if (result.kind === 'taken') metrics.accepted(known, result.accepted, result.dropped)
    return result
  }

  const takeEvents = async (delivery: RawDelivery): Promise<IntakeResult> => {
    const { source } = delivery
    if (!SOURCES.has(source))
      return { kind: 'refused', status: 404, reason: 'source-unknown', detail: source.slice(0, 64) }
    const receivedAt = delivery.receivedAt ?? clock.now()
    const inflated = await inflateBody(delivery.body, delivery.contentEncoding, settings.limits)
    if (inflated.kind === 'refused') return inflated
    const { bytes } = inflated
    const deliveryId = contentId(delivery, bytes)
    const reading = readBody(bytes, delivery.contentType, settings.limits)
    if (reading.kind === 'refused') {
      await edge.keepRefused(
        deadLettersOf({ ...delivery, bytes, deliveryId, receivedAt }, [reading], settings),
      )
      return reading
    }
    const payload = reading.value
    const headers = delivery.headers ?? {}
    const normalised = normalise({ source, payload, receivedAt, deliveryId, headers })
    const { accepted, refusals, drops } = normalised
    const letters = deadLettersOf(
      { ...delivery, bytes, deliveryId, receivedAt },
      refusals,
      settings,
    )
    await Promise.all([edge.keep(normalised), edge.keepRefused(letters)])
    if (accepted === 0 && drops.length === 0 && refusals.length > 0) return allRefused(refusals)
    options.recordDelivery?.({ receivedAt, source, payload })
    return { kind: 'taken', deliveryId, accepted, refusals, dropped: drops.length, payload }
  }

  const takeChanges = async (delivery: Omit<RawDelivery, 'source'>): Promise<IntakeResult> => {
    const receivedAt = delivery.receivedAt ?? clock.now()
    const inflated = await inflateBody(delivery.body, delivery.contentEncoding, settings.limits)
    if (inflated.kind === 'refused') return inflated
    const reading = readBody(inflated.bytes, delivery.contentType, settings.limits)
    if (reading.kind === 'refused') return reading
    const { changes, refusals } = readChanges(reading.value, receivedAt)
    if (changes.length === 0 && refusals.length > 0) return allRefused(refusals)
    const records = changes.map((change) => ({ kind: 'change', at: receivedAt, change }) as const)
    await edge.keepEverywhere(records.map((record) => encodeRecord('events', record)))
    const deliveryId = contentId({ source: 'changes' }, inflated.bytes)
    const accepted = changes.length
    return { kind: 'taken', deliveryId, accepted, refusals, dropped: 0, payload: reading.value }
  }

  return {
    settings,
    take: async (delivery) =>
      finish(
        delivery.source,
        delivery,
        await edge.bounded(delivery.body.length, () => takeEvents(delivery)),
      ),
    takeChanges: async (delivery) =>
      finish(
        'changes',
        delivery,
        await edge.bounded(delivery.body.length, () => takeChanges(delivery)),
      ),
  }
}

const allRefused = (refusals: readonly Refusal[]): NotTaken => {
  const [{ reason, detail } = { reason: 'shape-unknown' as const, detail: '' }] = refusals
  const status = reason === 'too-many-alerts' ? 413 : 422
  return { kind: 'refused', status, reason, detail, refusals }
}

/**
 * The same delivery again has the same id, and so have its events; the same body from another
 * source, or under another CloudEvents id, has another.
 */
const contentId = (
  { source, headers = {} }: Pick<RawDelivery, 'source' | 'headers'>,
  bytes: Uint8Array,
): string => {
  const attributes = Object.entries(headers).filter(([name]) => name.startsWith('ce-'))
  const origin = hash64(attributes.length === 0 ? source : JSON.stringify([source, attributes]))
  return origin.slice(0, ORIGIN_DIGITS) + hash('sha256', bytes, 'hex').slice(0, CONTENT_DIGITS)
}

const ORIGIN_DIGITS = 8
/** 80 bits: no two of a billion deliveries share them. */
const CONTENT_DIGITS = 20

/** The intake's dealings with the log: what is kept, and how much may wait for it. */
const createEdge = (log: Log, settings: IngestSettings) => {
  let partitions: number | undefined
  let waitingBytes = 0

  const eventPartitions = async (): Promise<number> => {
    partitions ??= await log.partitions('events')
    return partitions
  }

  return {
    keep: async ({ batches }: NormalisedDelivery): Promise<void> => {
      if (batches.length === 0) return
      const count = await eventPartitions()
      await Promise.all(
        batches.map(({ batch }) => {
          const values = encodeBatch(batch, settings.limits.recordBytesMax)
          const entries = values.map((value) => ({ value, headers: HEADERS }))
          return log.append('events', partitionOfScope(batch.scope, count), entries)
        }),
      )
    },
    keepEverywhere: async (values: readonly Uint8Array[]): Promise<void> => {
      if (values.length === 0) return
      const entries = values.map((value) => ({ value, headers: HEADERS }))
      const every = Array.from({ length: await eventPartitions() }, (_, partition) => partition)
      await Promise.all(every.map((partition) => log.append('events', partition, entries)))
    },
    keepRefused: async (letters: readonly Uint8Array[]): Promise<void> => {
      if (letters.length === 0) return
      const count = await log.partitions('dead-letters')
      const entries = letters.map((value) => ({ value, headers: HEADERS }))
      await log.append('dead-letters', partitionOfScope(DEFAULT_SCOPE, count), entries)
    },
    /** Bounds the memory of deliveries under way, and turns an unavailable log into an answer. */
    bounded: async (bytes: number, take: () => Promise<IntakeResult>): Promise<IntakeResult> => {
      if (waitingBytes > 0 && waitingBytes + bytes > settings.limits.waitingBytesMax)
        return overloaded
      waitingBytes += bytes
      try {
        return await take()
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
