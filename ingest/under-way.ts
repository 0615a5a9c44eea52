// A delivery under way: what is known of it once it has come, and what names its content.
import { hash } from 'node:crypto'
import { hash64 } from '../domain/hash.ts'
import type { Integration } from '../domain/integration.ts'
import type { Millis } from '../domain/time.ts'
import type { NotTaken, RawDelivery } from './delivery.ts'
import type { Refusal } from './normalise.ts'
import { SOURCES } from './sources/registry.ts'

/** Its integration may become known only once its body is read. */
export interface UnderWay extends RawDelivery {
  readonly receivedAt: Millis
  integration?: Integration | undefined
}

/** Of known bytes and identity. */
export interface Opened extends UnderWay {
  readonly bytes: Uint8Array
  readonly deliveryId: string
}

export const allRefused = (refusals: readonly Refusal[]): NotTaken => {
  const [{ reason, detail } = { reason: 'shape-unknown' as const, detail: '' }] = refusals
  const status = reason === 'too-many-alerts' ? 413 : 422
  return { kind: 'refused', status, reason, detail, refusals }
}

/**
 * The same delivery again has the same id, and so have its events; the same body from another
 * source, or under another CloudEvents id, has another.
 */
export const contentId = (
  { source, headers = {} }: Pick<RawDelivery, 'source' | 'headers'>,
  bytes: Uint8Array,
): string => {
  const binary = headers['ce-specversion'] !== undefined
  const attributes = binary ? Object.entries(headers).filter(([name]) => /^ce-/.test(name)) : []
  const origin = binary
    ? hash64(JSON.stringify([source, attributes]))
    : (ORIGINS.get(source) ?? hash64(source))
  return origin.slice(0, ORIGIN_DIGITS) + hash('sha256', bytes, 'hex').slice(0, CONTENT_DIGITS)
}

/** Reckoned once: for a delivery of one alert it would be much of the work. */
const ORIGINS = new Map([...SOURCES.keys()].map((source) => [source, hash64(source)]))

const ORIGIN_DIGITS = 8
/** 80 bits: no two of a billion deliveries share them. */
const CONTENT_DIGITS = 20
