// The live edge behind every route: reads a delivery, makes it durable, and only then answers.
import { hash } from 'node:crypto'
import { hash64 } from '../domain/hash.ts'
import type { Log } from '../domain/ports/log.ts'
import { encodeRecord } from '../domain/records.ts'
import type { Clock, Millis } from '../domain/time.ts'
import { inflateBody, readBody } from './body.ts'
import { readChanges } from './changes.ts'
import { deadLettersOf } from './dead-letters.ts'
import { confirmed, passGate, signatureOf } from './doors.ts'
import { createLogEdge } from './log-edge.ts'
import { type IngestMetrics, noMetrics } from './metrics.ts'
import { createNormaliser, type Refusal } from './normalise.ts'
import type { IngestSettings } from './settings.ts'
import type { SignatureFault } from './signatures.ts'
import { createSignedDeliveries } from './signed.ts'
import type { Gate, GateReason } from './sns.ts'
import type { RefusalReason } from './source.ts'
import { SOURCES } from './sources/registry.ts'

/** A request as it came in. */
export interface RawDelivery {
  readonly source: string
  readonly body: Uint8Array
  readonly contentType?: string | undefined
  readonly contentEncoding?: string | undefined
  /** Lower-case names: CloudEvents' attributes, signatures. */
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

type EdgeReason = 'log-unavailable' | 'overloaded' | 'gate-failed' | 'replay'

/** Nothing was taken. */
export interface NotTaken {
  readonly kind: 'refused'
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 502 | 503
  readonly reason: RefusalReason | SignatureFault | GateReason | EdgeReason
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
  /** Sources whose deliveries must be signed; several secrets while one is rotated. */
  readonly secrets?: Readonly<Record<string, readonly string[]>>
  /** By source: checks a parsed delivery before anything is made of it. */
  readonly gates?: Readonly<Record<string, Gate>>
  /** Told of every delivery taken, once it is durable. */
  readonly recordDelivery?: (delivery: RecordedDelivery) => void
}

export interface Intake {
  readonly settings: IngestSettings
  take(delivery: RawDelivery): Promise<IntakeResult>
  /** Changes go to every partition of `events`, since any scope may need them. */
  takeChanges(delivery: Omit<RawDelivery, 'source'>): Promise<IntakeResult>
}

export const createIntake = (options: IntakeOptions): Intake => {
  const { log, clock, settings, metrics = noMetrics } = options
  const normalise = createNormaliser(settings)
  const edge = createLogEdge(log, settings)
  // What lies ahead of our clock within the skew is young for so much longer.
  const signedDeliveries = createSignedDeliveries(
    settings.signedWindowMs + settings.skewMs,
    settings.limits.signedDeliveriesMax,
  )

  const finish = (source: string, { body }: { body: Uint8Array }, result: IntakeResult) => {
    count(metrics, SOURCES.has(source) ? source : 'unknown', body.length, result)
    return result
  }

  const takeEvents = async (delivery: RawDelivery): Promise<IntakeResult> => {
    const { source } = delivery
    if (!SOURCES.has(source))
      return { kind: 'refused', status: 404, reason: 'source-unknown', detail: source.slice(0, 64) }
    const receivedAt = delivery.receivedAt ?? clock.now()
    const signature = signatureOf(delivery, options.secrets?.[source], receivedAt)
    if (signature?.kind === 'refused') return signature
    const inflated = inflateBody(delivery.body, delivery.contentEncoding, settings.limits)
    if (inflated.kind === 'refused') return inflated
    const { bytes } = inflated
    const opened = { ...delivery, bytes, receivedAt, deliveryId: contentId(delivery, bytes) }
    const reading = readBody(bytes, delivery.contentType, settings.limits)
    if (reading.kind === 'refused') {
      await edge.keepRefused(deadLettersOf(opened, [reading], settings))
      return reading
    }
    const payload = reading.value
    const verdict = await passGate(options.gates?.[source], payload, receivedAt)
    if (verdict.kind === 'refused') return verdict
    return signedDeliveries.once(signature?.id ?? verdict.signedId, receivedAt, async () => {
      const unconfirmed = await confirmed(verdict)
      return unconfirmed ?? keepEvents(opened, payload)
    })
  }

  const keepEvents = async (delivery: OpenedDelivery, payload: unknown): Promise<IntakeResult> => {
    const { source, receivedAt, deliveryId, headers = {} } = delivery
    const normalised = normalise({ source, payload, receivedAt, deliveryId, headers })
    const { accepted, refusals, drops } = normalised
    const letters = deadLettersOf(delivery, refusals, settings)
    await Promise.all([edge.keep(normalised), edge.keepRefused(letters)])
    if (accepted === 0 && drops.length === 0 && refusals.length > 0) return allRefused(refusals)
    options.recordDelivery?.({ receivedAt, source, payload })
    return { kind: 'taken', deliveryId, accepted, refusals, dropped: drops.length, payload }
  }

  const takeChanges = async (delivery: Omit<RawDelivery, 'source'>): Promise<IntakeResult> => {
    const receivedAt = delivery.receivedAt ?? clock.now()
    const inflated = inflateBody(delivery.body, delivery.contentEncoding, settings.limits)
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

/** A delivery of known bytes and identity. */
interface OpenedDelivery extends RawDelivery {
  readonly bytes: Uint8Array
  readonly receivedAt: Millis
  readonly deliveryId: string
}

const count = (
  metrics: IngestMetrics,
  source: string,
  bytes: number,
  result: IntakeResult,
): void => {
  metrics.delivery(source, result.kind === 'taken' ? 200 : result.status, bytes)
  const refusals = result.refusals ?? []
  for (const { reason } of refusals) metrics.refused(source, reason, 1)
  if (result.kind === 'refused' && refusals.length === 0) metrics.refused(source, result.reason, 1)
  if (result.kind === 'taken') metrics.accepted(source, result.accepted, result.dropped)
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
  const binary = headers['ce-specversion'] !== undefined
  const attributes = binary ? Object.entries(headers).filter(([name]) => /^ce-/.test(name)) : []
  const origin = hash64(binary ? JSON.stringify([source, attributes]) : source)
  return origin.slice(0, ORIGIN_DIGITS) + hash('sha256', bytes, 'hex').slice(0, CONTENT_DIGITS)
}

const ORIGIN_DIGITS = 8
/** 80 bits: no two of a billion deliveries share them. */
const CONTENT_DIGITS = 20
