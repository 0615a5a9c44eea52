// OTLP logs in protobuf, read into the same shape as OTLP's JSON; only the fields that are used.
import { Buffer } from 'node:buffer'

type FieldKind = 'text' | 'fixed64' | 'varint' | 'double' | 'bool' | Message

/** Field number -> name, kind, and whether it repeats (opentelemetry-proto v1). */
interface Message {
  readonly [field: number]: readonly [name: string, kind: FieldKind, repeats?: 'many']
}

const ANY_VALUE: Message = {
  1: ['stringValue', 'text'],
  2: ['boolValue', 'bool'],
  3: ['intValue', 'varint'],
  4: ['doubleValue', 'double'],
}
const KEY_VALUE: Message = { 1: ['key', 'text'], 2: ['value', ANY_VALUE] }
const LOG_RECORD: Message = {
  1: ['timeUnixNano', 'fixed64'],
  2: ['severityNumber', 'varint'],
  3: ['severityText', 'text'],
  5: ['body', ANY_VALUE],
  6: ['attributes', KEY_VALUE, 'many'],
  11: ['observedTimeUnixNano', 'fixed64'],
  12: ['eventName', 'text'],
}
const SCOPE_LOGS: Message = { 2: ['logRecords', LOG_RECORD, 'many'] }
const RESOURCE: Message = { 1: ['attributes', KEY_VALUE, 'many'] }
const RESOURCE_LOGS: Message = { 1: ['resource', RESOURCE], 2: ['scopeLogs', SCOPE_LOGS, 'many'] }
const LOGS_REQUEST: Message = { 1: ['resourceLogs', RESOURCE_LOGS, 'many'] }

const VARINT = 0
const FIXED64 = 1
const LENGTH = 2
const FIXED32 = 5

/** @returns undefined where the bytes are no such message */
export const readOtlpLogs = (bytes: Uint8Array): unknown => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    return readMessage(buffer, LOGS_REQUEST)
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return undefined
    throw error
  }
}

/** Messages nest as deep as the tables above, never deeper. */
const readMessage = (bytes: Buffer, message: Message): Record<string, unknown> => {
  const fields: Record<string, unknown> = {}
  let at = 0
  while (at < bytes.length) {
    const [tag, afterTag] = readVarint(bytes, at)
    const wire = Number(tag & 7n)
    const [raw, next] = readRaw(bytes, afterTag, wire)
    at = next
    const known = message[Number(tag >> 3n)]
    if (known === undefined) continue
    const [name, kind, repeats] = known
    const value = readValue(raw, kind)
    if (repeats === undefined) fields[name] = value
    else if (Array.isArray(fields[name])) fields[name].push(value)
    else fields[name] = [value]
  }
  return fields
}

/** @throws RangeError past the end */
const readVarint = (bytes: Buffer, from: number): [bigint, number] => {
  let value = 0n
  for (let i = 0; i < VARINT_BYTES_MAX; i++) {
    const byte = bytes.readUInt8(from + i)
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) return [value, from + i + 1]
  }
  throw new RangeError('a varint has at most ten bytes')
}

const VARINT_BYTES_MAX = 10

const readRaw = (bytes: Buffer, at: number, wire: number): [bigint | Buffer, number] => {
  if (wire === VARINT) return readVarint(bytes, at)
  if (wire === FIXED64) return [sliceOf(bytes, at, 8), at + 8]
  if (wire === FIXED32) return [sliceOf(bytes, at, 4), at + 4]
  if (wire !== LENGTH) throw new RangeError('no such wire type')
  const [length, start] = readVarint(bytes, at)
  return [sliceOf(bytes, start, Number(length)), start + Number(length)]
}

const sliceOf = (bytes: Buffer, at: number, length: number): Buffer => {
  if (at + length > bytes.length) throw new RangeError('the message ends too early')
  return bytes.subarray(at, at + length)
}

const readValue = (raw: bigint | Buffer, kind: FieldKind): unknown => {
  if (typeof raw === 'bigint') {
    if (kind === 'varint') return BigInt.asIntN(64, raw).toString()
    if (kind === 'bool') return raw !== 0n
  } else {
    if (typeof kind === 'object') return readMessage(raw, kind)
    if (kind === 'text') return raw.toString('utf8')
    if (kind === 'fixed64') return raw.readBigUInt64LE().toString()
    if (kind === 'double') return raw.readDoubleLE()
  }
  throw new TypeError('a field has another type than OTLP gives it')
}
