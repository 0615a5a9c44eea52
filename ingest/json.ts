// JSON bytes in, a value or the exact place of the fault out; safe against deep nesting.
import { Buffer, isUtf8 } from 'node:buffer'
import { jsonFaultOffset } from './json-fault.ts'

export type JsonReading =
  | { readonly kind: 'ok'; readonly value: unknown }
  | {
      readonly kind: 'refused'
      readonly reason: 'not-json' | 'not-utf8' | 'too-deep'
      readonly detail: string
      /** Byte offset of the fault, where it is known. */
      readonly offset?: number
    }

/**
 * Reads JSON as RFC 8259 has it; of duplicate keys the last wins. Integers beyond 2^53 become
 * text, since they are ids or nanoseconds and every digit counts.
 */
export const readJson = (bytes: Uint8Array, depthMax: number): JsonReading => {
  if (!isUtf8(bytes)) return { kind: 'refused', reason: 'not-utf8', detail: 'not valid UTF-8' }
  const { tooDeepAt, unsafeIntegers } = scan(bytes, depthMax)
  if (tooDeepAt !== undefined) {
    const detail = `nested deeper than ${depthMax}`
    return { kind: 'refused', reason: 'too-deep', detail, offset: tooDeepAt }
  }
  const exact = unsafeIntegers.length === 0 ? bytes : quoted(bytes, unsafeIntegers)
  const text = Buffer.from(exact.buffer, exact.byteOffset, exact.byteLength).toString('utf8')
  try {
    return {
      kind: 'ok',
      value: JSON.parse(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text),
    }
  } catch {
    const offset = jsonFaultOffset(bytes)
    const detail = offset >= bytes.length ? 'the JSON ends too early' : `not JSON at byte ${offset}`
    return { kind: 'refused', reason: 'not-json', detail, offset }
  }
}

const BYTE_ORDER_MARK = 0xfeff

/** What a byte outside of strings means to the scan. */
const PLAIN = 0
const QUOTE = 1
const OPEN = 2
const CLOSE = 3
const DIGIT = 4

const MEANING = new Uint8Array(256)
MEANING[0x22] = QUOTE
for (const byte of [0x5b, 0x7b]) MEANING[byte] = OPEN
for (const byte of [0x5d, 0x7d]) MEANING[byte] = CLOSE
for (let byte = 0x30; byte <= 0x39; byte++) MEANING[byte] = DIGIT

/** Shorter integers are safe in any case. */
const SAFE_DIGITS = 15

interface Scan {
  readonly tooDeepAt?: number
  /** Start and end, in turn. */
  readonly unsafeIntegers: readonly number[]
}

/** One pass over the bytes, before anything is parsed. */
const scan = (bytes: Uint8Array, depthMax: number): Scan => {
  const unsafeIntegers: number[] = []
  const end = bytes.length
  let depth = 0
  let at = 0
  while (at < end) {
    const meaning = MEANING[bytes[at]!]
    at += 1
    if (meaning === PLAIN) continue
    if (meaning === QUOTE) at = afterString(bytes, at)
    else if (meaning === OPEN) {
      depth += 1
      if (depth > depthMax) return { tooDeepAt: at - 1, unsafeIntegers }
    } else if (meaning === CLOSE) depth -= 1
    else {
      const from = at - 1
      while (MEANING[bytes[at]!] === DIGIT) at += 1
      if (at - from > SAFE_DIGITS) noteUnsafe(bytes, from, at, unsafeIntegers)
    }
  }
  return { unsafeIntegers }
}

const afterString = (bytes: Uint8Array, from: number): number => {
  const end = bytes.length
  let at = from
  while (at < end) {
    const byte = bytes[at]
    at += 1
    if (byte === 0x22) return at
    if (byte === 0x5c) at += 1
  }
  return at
}

const noteUnsafe = (bytes: Uint8Array, from: number, to: number, into: number[]): void => {
  const before = String.fromCharCode(bytes[from - 1] ?? 0)
  const after = String.fromCharCode(bytes[to] ?? 0)
  if (/[.eE+]/.test(before) || /[.eE]/.test(after)) return
  const start = before === '-' ? from - 1 : from
  if (/[eE]/.test(String.fromCharCode(bytes[start - 1] ?? 0))) return
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
  if (!Number.isSafeInteger(Number(digits)) && digits[0] !== '0') into.push(start, to)
}

const QUOTE_MARK = Buffer.from('"')

const quoted = (bytes: Uint8Array, ranges: readonly number[]): Buffer => {
  const parts: Uint8Array[] = []
  let copied = 0
  for (let i = 0; i < ranges.length; i += 2) {
    const [from = 0, to = 0] = ranges.slice(i, i + 2)
    parts.push(bytes.subarray(copied, from), QUOTE_MARK, bytes.subarray(from, to), QUOTE_MARK)
    copied = to
  }
  parts.push(bytes.subarray(copied))
  return Buffer.concat(parts)
}
