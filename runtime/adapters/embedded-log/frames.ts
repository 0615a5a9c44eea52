// The bytes of the embedded log: one frame holds the entries of one append, under two checksums.
import { crc32 } from 'node:zlib'
import type { LogEntry } from '../../../domain/ports/log.ts'
import type { Millis } from '../../../domain/time.ts'

/*
 * A frame is all of an append or none of it. Integers are little endian:
 *
 *   0 magic u32 | 4 crc32 of 8..32 | 8 body bytes u32 | 12 crc32 of the body
 *   16 first offset u48 | 22 appendedAt u48 | 28 entries u32 | 32 body
 *
 * and the body, for each entry: headers bytes u32, value bytes u32, headers as JSON, value.
 * The header has a checksum of its own, so that a damaged body can be stepped over exactly.
 */
export const FRAME_HEADER_BYTES = 32
const ENTRY_HEADER_BYTES = 8

/** 0xFA occurs in no UTF-8 text, so text inside a damaged frame never passes for a new one. */
export const FRAME_MAGIC = Buffer.from([0xfa, 0x4c, 0x47, 0x01])

/** Longest body that a frame may have. */
export const FRAME_BODY_BYTES_MAX = 256 * 1024 * 1024

export interface FrameHeader {
  readonly bodyBytes: number
  readonly bodyCrc: number
  readonly base: number
  readonly appendedAt: Millis
  readonly count: number
}

/** An append, measured and ready to be written at whatever offset it gets. */
export interface PreparedFrame {
  readonly entries: readonly LogEntry[]
  readonly headerTexts: readonly string[]
  /** Of the whole frame. */
  readonly bytes: number
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})

/** @throws RangeError when the append is longer than a frame may be */
export const prepareFrame = (entries: readonly LogEntry[]): PreparedFrame => {
  const headerTexts = entries.map(({ headers }) =>
    headers === undefined || Object.keys(headers).length === 0 ? '' : JSON.stringify(headers),
  )
  let bodyBytes = 0
  for (const [i, entry] of entries.entries())
    bodyBytes += ENTRY_HEADER_BYTES + Buffer.byteLength(headerTexts[i]!) + entry.value.length
  if (bodyBytes > FRAME_BODY_BYTES_MAX)
    throw new RangeError(`an append of ${bodyBytes} bytes exceeds ${FRAME_BODY_BYTES_MAX}`)
  return { entries, headerTexts, bytes: FRAME_HEADER_BYTES + bodyBytes }
}

/** Writes the frame into `target` at `at`, which must have room for `frame.bytes`. */
export const writeFrame = (
  frame: PreparedFrame,
  base: number,
  appendedAt: Millis,
  target: Buffer,
  at: number,
): void => {
  const bodyAt = at + FRAME_HEADER_BYTES
  const end = at + frame.bytes
  let cursor = bodyAt
  for (const [i, { value }] of frame.entries.entries()) {
    const text = frame.headerTexts[i]!
    const headersBytes = text === '' ? 0 : target.write(text, cursor + ENTRY_HEADER_BYTES, 'utf8')
    target.writeUInt32LE(headersBytes, cursor)
    target.writeUInt32LE(value.length, cursor + 4)
    cursor += ENTRY_HEADER_BYTES + headersBytes
    target.set(value, cursor)
    cursor += value.length
  }
  FRAME_MAGIC.copy(target, at)
  target.writeUInt32LE(end - bodyAt, at + 8)
  target.writeUInt32LE(crc32(target.subarray(bodyAt, end)), at + 12)
  target.writeUIntLE(base, at + 16, 6)
  target.writeUIntLE(appendedAt, at + 22, 6)
  target.writeUInt32LE(frame.entries.length, at + 28)
  target.writeUInt32LE(crc32(target.subarray(at + 8, bodyAt)), at + 4)
}

/** The header at `at`, or nothing where the bytes there are no intact header. */
export const readFrameHeader = (bytes: Buffer, at: number): FrameHeader | undefined => {
  if (FRAME_MAGIC.compare(bytes, at, at + FRAME_MAGIC.length) !== 0) return undefined
  const fields = bytes.subarray(at + 8, at + FRAME_HEADER_BYTES)
  if (crc32(fields) !== bytes.readUInt32LE(at + 4)) return undefined
  return {
    bodyBytes: bytes.readUInt32LE(at + 8),
    bodyCrc: bytes.readUInt32LE(at + 12),
    base: bytes.readUIntLE(at + 16, 6),
    appendedAt: bytes.readUIntLE(at + 22, 6),
    count: bytes.readUInt32LE(at + 28),
  }
}

export const bodyIsIntact = (header: FrameHeader, body: Buffer): boolean =>
  crc32(body) === header.bodyCrc

/** One entry of an intact body; `next` is where the following one begins. */
export const readEntry = (
  body: Buffer,
  at: number,
): { headers: Readonly<Record<string, string>>; value: Uint8Array; next: number } => {
  const headersAt = at + ENTRY_HEADER_BYTES
  const valueAt = headersAt + body.readUInt32LE(at)
  const next = valueAt + body.readUInt32LE(at + 4)
  const headers =
    valueAt === headersAt ? NO_HEADERS : JSON.parse(body.toString('utf8', headersAt, valueAt))
  return { headers, value: body.subarray(valueAt, next), next }
}
