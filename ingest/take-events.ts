// How a delivery of alerts is taken: each door in turn, then into the log, then the answer.
import { inflateBody, readBody, tooLarge } from './body.ts'
import { deadLettersOf } from './dead-letters.ts'
import type { IntakeResult, NotTaken } from './delivery.ts'
import { confirmed, passGate, signatureOf } from './doors.ts'
import type { IntakeOptions } from './intake.ts'
import type { KeyLimits } from './keyed.ts'
import type { LogEdge } from './log-edge.ts'
import { createNormaliser } from './normalise.ts'
import { createSignedDeliveries } from './signed.ts'
import { SOURCES } from './sources/registry.ts'
import { allRefused, contentId, type UnderWay } from './under-way.ts'

const UNKNOWN_SENDER_BYTES_MAX = 512 * 1024
const NO_HEADERS: NonNullable<UnderWay['headers']> = {}

export const createTakeEvents = (
  options: Pick<IntakeOptions, 'settings' | 'secrets' | 'gates' | 'recordDelivery'>,
  edge: LogEdge,
  keyLimits: KeyLimits,
): ((delivery: UnderWay) => Promise<IntakeResult>) => {
  const { settings } = options
  const normalise = createNormaliser(settings)
  // What lies ahead of our clock within the skew is young for so much longer.
  const signedDeliveries = createSignedDeliveries(
    settings.signedWindowMs + settings.skewMs,
    settings.limits.signedDeliveriesMax,
  )

  /** A dead letter offered again is a dead letter already. */
  const lettersOf = (
    delivery: UnderWay,
    refusals: Parameters<typeof deadLettersOf>[1],
    payload: unknown,
  ): Uint8Array[] =>
    delivery.again === true ? [] : deadLettersOf(delivery, refusals, settings, payload)

  const keep = async (delivery: UnderWay, payload: unknown): Promise<IntakeResult> => {
    const { source, receivedAt, deliveryId, integration, headers = NO_HEADERS } = delivery
    const mapped = keyLimits.mapping(delivery.mapping ?? integration?.mapping)
    if (mapped.kind === 'refused') return mapped
    const { mapping } = mapped
    const normalised = normalise({ source, payload, receivedAt, deliveryId, headers, mapping })
    const { accepted, refusals, drops } = normalised
    const objection = edge.objection(normalised, delivery.body.length)
    if (objection !== undefined) return objection
    if (refusals.length === 0) await edge.keep(normalised, integration)
    else {
      const letters = lettersOf(delivery, refusals, payload)
      await Promise.all([edge.keep(normalised, integration), edge.keepRefused(letters)])
    }
    if (accepted === 0 && drops.length === 0 && refusals.length > 0) return allRefused(refusals)
    options.recordDelivery?.({ receivedAt, source, payload })
    return { kind: 'taken', deliveryId, accepted, refusals, dropped: drops.length, payload }
  }

  /** Where the sender names its key in the body, nothing was known of it before. */
  const keyInside = (delivery: UnderWay, payload: unknown): NotTaken | undefined => {
    const verdict = delivery.keyInside?.(payload)
    if (verdict === undefined) return undefined
    if (verdict.kind === 'refused') return verdict
    delivery.integration = verdict.key.integration
    return keyLimits.objection(delivery)
  }

  return async (delivery) => {
    const { source, receivedAt } = delivery
    if (!SOURCES.has(source))
      return { kind: 'refused', status: 404, reason: 'source-unknown', detail: source.slice(0, 64) }
    const early = keyLimits.objection(delivery)
    if (early !== undefined) return early
    const secrets = delivery.again ? undefined : options.secrets?.[source]
    const signature = signatureOf(delivery, secrets, receivedAt)
    if (signature?.kind === 'refused') return signature
    const inflated = inflateBody(delivery.body, delivery.contentEncoding, settings.limits)
    if (inflated.kind === 'refused') return inflated
    const { bytes } = inflated
    // Whoever has not shown a key yet gets no large body parsed; PagerDuty's own limit is this, too.
    if (delivery.keyInside !== undefined && bytes.length > UNKNOWN_SENDER_BYTES_MAX)
      return tooLarge(UNKNOWN_SENDER_BYTES_MAX)
    delivery.bytes = bytes
    delivery.deliveryId = contentId(delivery, bytes)
    const reading = readBody(bytes, delivery.contentType, settings.limits)
    if (reading.kind === 'refused') {
      await edge.keepRefused(lettersOf(delivery, [reading], undefined))
      return reading
    }
    const payload = reading.value
    const late = keyInside(delivery, payload)
    if (late !== undefined) return late
    const gate = delivery.again ? undefined : options.gates?.[source]
    if (gate === undefined && signature === undefined) return keep(delivery, payload)
    const verdict = await passGate(gate, payload, receivedAt)
    if (verdict.kind === 'refused') return verdict
    return signedDeliveries.once(signature?.id ?? verdict.signedId, receivedAt, async () => {
      const unconfirmed = await confirmed(verdict)
      return unconfirmed ?? keep(delivery, payload)
    })
  }
}
