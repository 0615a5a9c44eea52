// A request body as it came: inflated within limits, and read by its content type.
import { Buffer, isUtf8 } from 'node:buffer'
import { gunzipSync, inflateSync } from 'node:zlib'
import { readJson } from './json.ts'
import { readOtlpLogs } from './otlp-protobuf.ts'
import type { IngestLimits } from './settings.ts'
import type { RefusalReason } from './source.ts'

export interface BodyRefusal {
  readonly kind: 'refused'
  readonly status: 400 | 413 | 415
  readonly reason: RefusalReason
  readonly detail: string
  /** Byte offset of the fault within the inflated body. */
  readonly offset?: number
}

export type BodyReading = { readonly kind: 'ok'; readonly value: unknown } | BodyRefusal

const inflaters = { gzip: gunzipSync, 'x-gzip': gunzipSync, deflate: inflateSync }
type Encoding = keyof typeof inflaters

export const tooLarge = (bytesMax: number): BodyRefusal => ({
  kind: 'refused',
  status: 413,
  reason: 'too-large',
  detail: `the body is larger than ${bytesMax} bytes`,
})

/**
 * The body's own bytes; a bomb is refused by what it claims, or when it passes a limit. At most
 * `inflatedBytesMax` is ever inflated, which takes milliseconds: less than handing it to a thread.
 */
export const inflateBody = (
  body: Uint8Array,
  encoding: string | undefined,
  limits: IngestLimits,
): { readonly kind: 'ok'; readonly bytes: Uint8Array } | BodyRefusal => {
  if (body.length > limits.bodyBytesMax) return tooLarge(limits.bodyBytesMax)
  if (encoding === undefined) return { kind: 'ok', bytes: body }
  const name = encoding.trim().toLowerCase()
  if (name === '' || name === 'identity') return { kind: 'ok', bytes: body }
  if (!Object.hasOwn(inflaters, name)) {
    const detail = 'content-encoding is gzip, deflate or identity'
    return { kind: 'refused', status: 415, reason: 'encoding-unsupported', detail }
  }
  const claimed = claimedBytes(body, name)
  if (claimed > limits.inflatedBytesMax) return tooLarge(limits.inflatedBytesMax)
  const maxOutputLength = Math.min(
    limits.inflatedBytesMax,
    Math.max(INFLATED_ALWAYS_ALLOWED, body.length * limits.inflationRatioMax),
  )
  const chunkSize = Math.min(CHUNK_BYTES_MAX, Math.max(CHUNK_BYTES_MIN, claimed + 1))
  try {
    return { kind: 'ok', bytes: inflaters[name as Encoding](body, { maxOutputLength, chunkSize }) }
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE')
      return tooLarge(maxOutputLength)
    const detail = `the body is not ${name}`
    return { kind: 'refused', status: 400, reason: 'encoding-broken', detail }
  }
}

const INFLATED_ALWAYS_ALLOWED = 1024 * 1024
/** Large pieces: node's 16 KiB make a bomb cost four times as much. */
const CHUNK_BYTES_MAX = 256 * 1024
const CHUNK_BYTES_MIN = 4 * 1024

/** Gzip ends with its inflated size modulo 2^32, little-endian (RFC 1952, 2.3.1). */
const claimedBytes = (body: Uint8Array, encoding: string): number =>
  encoding.endsWith('gzip') && body.length >= 18
    ? new DataView(body.buffer, body.byteOffset, body.byteLength).getUint32(body.length - 4, true)
    : 0

/** JSON, whatever the content type says, unless it says NDJSON, a form, protobuf or syslog. */
export const readBody = (
  bytes: Uint8Array,
  contentType: string | undefined,
  limits: IngestLimits,
): BodyReading => {
  const type = mediaType(contentType)
  if (type === JSON_TYPE) return readJsonBody(bytes, limits)
  if (/^application\/(x-)?(ndjson|jsonl|jsonlines|json-seq)$/.test(type))
    return readLines(bytes, limits)
  if (type === 'application/x-syslog') return readTextLines(bytes, limits)
  if (type === 'application/x-protobuf') return readProtobuf(bytes)
  if (type === 'application/x-www-form-urlencoded' && !looksLikeJson(bytes))
    return readForm(bytes, limits)
  return readJsonBody(bytes, limits)
}

const JSON_TYPE = 'application/json'

const mediaType = (contentType: string | undefined): string =>
  contentType === JSON_TYPE
    ? JSON_TYPE
    : (contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '')

const readJsonBody = (bytes: Uint8Array, limits: IngestLimits): BodyReading => {
  const reading = readJson(bytes, limits.depthMax)
  return reading.kind === 'ok' ? reading : { ...reading, status: 400 }
}

/** Senders that use curl's default content type still send JSON. */
const looksLikeJson = (bytes: Uint8Array): boolean => bytes[0] === 0x7b || bytes[0] === 0x5b

const readTextLines = (bytes: Uint8Array, limits: IngestLimits): BodyReading => {
  if (!isUtf8(bytes)) return notUtf8
  const lines = Buffer.from(bytes).toString('utf8').split(/\r?\n/)
  const value = lines.filter((line) => line.trim() !== '')
  return value.length > limits.alertsPerDeliveryMax ? tooManyLines(limits) : { kind: 'ok', value }
}

const notUtf8: BodyRefusal = {
  kind: 'refused',
  status: 400,
  reason: 'not-utf8',
  detail: 'not valid UTF-8',
}

const tooManyLines = ({ alertsPerDeliveryMax }: IngestLimits): BodyRefusal => ({
  kind: 'refused',
  status: 413,
  reason: 'too-many-alerts',
  detail: `more than ${alertsPerDeliveryMax} lines`,
})

/** Only OTLP comes this way. */
const readProtobuf = (bytes: Uint8Array): BodyReading => {
  const value = readOtlpLogs(bytes)
  if (value !== undefined) return { kind: 'ok', value }
  const detail = 'not an OTLP logs message'
  return { kind: 'refused', status: 400, reason: 'not-protobuf', detail }
}

/** One JSON value a line; a line that is none becomes undefined, and its neighbours stay. */
const readLines = (bytes: Uint8Array, limits: IngestLimits): BodyReading => {
  const values: unknown[] = []
  for (let from = 0; from < bytes.length; ) {
    const feed = bytes.indexOf(0x0a, from)
    const to = feed === -1 ? bytes.length : feed
    const line = bytes.subarray(from, to)
    from = to + 1
    if (line.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09)) continue
    if (values.length === limits.alertsPerDeliveryMax) return tooManyLines(limits)
    const reading = readJson(line, limits.depthMax)
    values.push(reading.kind === 'ok' ? reading.value : undefined)
  }
  return { kind: 'ok', value: values }
}

/** A form's fields as an object; a field `payload` that holds JSON stands for all of it. */
const readForm = (bytes: Uint8Array, limits: IngestLimits): BodyReading => {
  if (!isUtf8(bytes)) return notUtf8
  const form = new URLSearchParams(Buffer.from(bytes).toString('utf8'))
  const payload = form.get('payload')
  if (payload !== null) {
    const reading = readJson(Buffer.from(payload), limits.depthMax)
    if (reading.kind === 'ok') return reading
  }
  return { kind: 'ok', value: Object.fromEntries(form) }
}
