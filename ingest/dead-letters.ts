// Refused items as records: kept with their reason, so that nothing vanishes silently.
import { Buffer } from 'node:buffer'
import { type DeadLetterRecord, encodeRecord } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
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
  readonly deliveryId: string
  readonly receivedAt: Millis
  /** The delivery, for refusals of the whole. */
  readonly bytes: Uint8Array
}

/** @returns encoded records for `dead-letters`; beyond the limit the last one counts the rest */
export const deadLettersOf = (
  { source, deliveryId, receivedAt, bytes }: RefusedIn,
  refusals: readonly RefusedItem[],
  { limits }: IngestSettings,
): Uint8Array[] =>
  refusals.slice(0, limits.deadLettersPerDeliveryMax).map((refusal, place) => {
    const unlisted = refusals.length - limits.deadLettersPerDeliveryMax
    const last = place === limits.deadLettersPerDeliveryMax - 1 && unlisted > 0
    const text =
      refusal.item === undefined
        ? Buffer.from(bytes.subarray(0, limits.deadLetterLengthMax)).toString('utf8')
        : JSON.stringify(refusal.item)
    const record: DeadLetterRecord = {
      id: `${deliveryId}.${refusal.index ?? 'whole'}`,
      at: receivedAt,
      source,
      reason: refusal.reason,
      detail: last ? `${refusal.detail}; and ${unlisted} more of this delivery` : refusal.detail,
      payload: cutToLength(text, limits.deadLetterLengthMax),
      ...(refusal.index === undefined ? undefined : { index: refusal.index }),
    }
    return encodeRecord('dead-letters', record)
  })
