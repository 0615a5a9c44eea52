// Refused items as records: kept with their reason, so that nothing vanishes silently.
import { Buffer } from 'node:buffer'
import type { Integration } from '../domain/integration.ts'
import { type DeadLetterRecord, encodeRecord } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import { fieldsOf } from './fields.ts'
import { cutToLength } from './labels.ts'
import type { IngestSettings } from './settings.ts'

interface RefusedItem {
  readonly index?: number
  readonly reason: string
  readonly detail: string
  readonly item?: unknown
}

interface RefusedIn {
  readonly source: string
  readonly contentType?: string | undefined
  readonly integration?: Integration | undefined
  readonly sentBy?: string | undefined
  readonly deliveryId: string
  readonly receivedAt: Millis
  /** The delivery, for refusals of the whole. */
  readonly bytes: Uint8Array
}

/**
 * @param delivery parsed; what the refused items are part of
 * @returns encoded records for `dead-letters`; beyond the limit the last one counts the rest
 */
export const deadLettersOf = (
  refusedIn: RefusedIn,
  refusals: readonly RefusedItem[],
  { limits }: IngestSettings,
  delivery: unknown,
): Uint8Array[] =>
  refusals.slice(0, limits.deadLettersPerDeliveryMax).map((refusal, nth) => {
    const { source, deliveryId, receivedAt, bytes, contentType } = refusedIn
    const integration = refusedIn.integration?.id ?? refusedIn.sentBy
    const unlisted = refusals.length - limits.deadLettersPerDeliveryMax
    const last = nth === limits.deadLettersPerDeliveryMax - 1 && unlisted > 0
    const whole = refusal.item === undefined
    const text = whole
      ? Buffer.from(bytes.subarray(0, limits.deadLetterLengthMax)).toString('utf8')
      : JSON.stringify(refusal.item)
    const place = whole ? undefined : placeOf(refusal.item, delivery)
    const length = whole ? bytes.length : text.length
    const cut = length > limits.deadLetterLengthMax
    const record: DeadLetterRecord = {
      id: `${deliveryId}.${refusal.index ?? 'whole'}`,
      at: receivedAt,
      source,
      reason: refusal.reason,
      detail: last ? `${refusal.detail}; and ${unlisted} more of this delivery` : refusal.detail,
      payload: cutToLength(text, limits.deadLetterLengthMax),
      ...(refusal.index === undefined ? undefined : { index: refusal.index }),
      ...(place === undefined ? undefined : { place }),
      ...(cut ? { cut } : undefined),
      ...(whole && contentType !== undefined ? { contentType } : undefined),
      ...(integration === undefined ? undefined : { integration }),
    }
    return encodeRecord('dead-letters', record)
  })

/** Where a delivery lists the item, so that it can be offered again as one of that kind. */
const placeOf = (item: unknown, delivery: unknown): string | undefined => {
  if (Array.isArray(delivery)) return ''
  const fields = Object.entries(fieldsOf(delivery))
  return fields.find(([, value]) => Array.isArray(value) && value.includes(item))?.[0]
}
