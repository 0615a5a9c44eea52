// A delivery under way: what is known of it once it has come, and what names its content.
import { hash } from 'node:crypto'
import { hash64 } from '../domain/hash.ts'
import type { Integration } from '../domain/integration.ts'
import type { Millis } from '../domain/time.ts'
import type { NotTaken, RawDelivery } from './delivery.ts'
import type { Refusal } from './normalise.ts'
import { SOURCES } from './sources/registry.ts'

/** Its bytes, and what names them, are known once it is opened; its integration maybe later. */
export interface UnderWay extends RawDelivery {
  readonly receivedAt: Millis
  integration: Integration | undefined
  bytes: Uint8Array
  deliveryId: string
}

/** Written out, since a spread of a delivery costs as much as checking one alert does. */
export const underWay = (delivery: RawDelivery, receivedAt: Millis): UnderWay => ({
  source: delivery.source,
  body: delivery.body,
  contentType: delivery.contentType,
  contentEncoding: delivery.contentEncoding,
  headers: delivery.headers,
  receivedAt,
  key: delivery.key,
  keyInside: delivery.keyInside,
  mapping: delivery.mapping,
  again: delivery.again === true,
  sentBy: delivery.sentBy,
  integration: delivery.key?.integration,
  bytes: delivery.body,
  deliveryId: '',
})

type Headers = NonNullable<RawDelivery['headers']>

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
  { source, headers = NO_HEADERS }: Pick<RawDelivery, 'source' | 'headers'>,
  bytes: Uint8Array,
): string => {
  const binary = headers['ce-specversion'] !== undefined
  const origin = binary ? cloudEventOrigin(source, headers) : ORIGINS.get(source)
  return (origin ?? originOf(source)) + hash('sha256', bytes, 'hex').slice(0, CONTENT_DIGITS)
}

const NO_HEADERS: Headers = {}
const ORIGIN_DIGITS = 8

const originOf = (text: string): string => hash64(text).slice(0, ORIGIN_DIGITS)

const cloudEventOrigin = (source: string, headers: Headers): string => {
  const attributes = Object.entries(headers).filter(([name]) => /^ce-/.test(name))
  return originOf(JSON.stringify([source, attributes]))
}

/** Reckoned once: for a delivery of one alert it would be much of the work. */
const ORIGINS = new Map([...SOURCES.keys()].map((source) => [source, originOf(source)]))

/** 80 bits: no two of a billion deliveries share them. */
const CONTENT_DIGITS = 20
