// Reads one segment file frame by frame, and says where its bytes are no longer what was written.

import type { LogFile } from './files.ts'
import {
  bodyIsIntact,
  FRAME_BODY_BYTES_MAX,
  FRAME_HEADER_BYTES,
  FRAME_MAGIC,
  type FrameHeader,
  readFrameHeader,
} from './frames.ts'

/** What the bytes at a place in a segment turned out to be. */
export type Piece =
  | { readonly kind: 'frame'; readonly at: number; readonly header: FrameHeader; body: Buffer }
  /** Unreadable bytes with a sound frame behind them; `header` where only the body is damaged. */
  | { readonly kind: 'damage'; readonly at: number; readonly header?: FrameHeader }
  /** No sound frame from here on. `torn`: what a write cut short leaves behind. */
  | { readonly kind: 'tail'; readonly at: number; readonly torn: boolean }

export interface SegmentReader {
  /** The next piece before `limit` (a byte position), or nothing when the limit is reached. */
  next(limit: number): Promise<Piece | undefined>
  close(): Promise<void>
}

const READ_BYTES = 1024 * 1024

/** A part of the file in memory that slides forward as it is read. */
const createWindow = (file: LogFile) => {
  let buffer: Buffer = Buffer.alloc(0)
  let start = 0
  return {
    /** The bytes from `at`, at least `wanted` of them unless `limit` comes first. */
    view: async (at: number, wanted: number, limit: number): Promise<Buffer> => {
      const end = Math.min(at + wanted, limit)
      if (at < start || end > start + buffer.length) {
        const kept = at >= start ? buffer.subarray(Math.min(at - start, buffer.length)) : undefined
        const length = Math.min(Math.max(wanted, READ_BYTES), limit - at)
        // A fresh buffer each time: records handed out are views of the old one.
        const fresh = Buffer.allocUnsafeSlow(length)
        const held = kept === undefined ? 0 : kept.copy(fresh)
        const read = await file.read(fresh.subarray(held), at + held)
        buffer = fresh.subarray(0, held + read)
        start = at
      }
      return buffer.subarray(at - start, Math.min(limit - start, buffer.length))
    },
  }
}

/** A write cut short leaves a prefix of a frame, or the zeros of a file that only grew. */
const looksTorn = (bytes: Buffer, header: FrameHeader | undefined): boolean => {
  if (header !== undefined) return true
  if (bytes.every((byte) => byte === 0)) return true
  const magic = bytes.subarray(0, FRAME_MAGIC.length)
  return bytes.length < FRAME_HEADER_BYTES && FRAME_MAGIC.subarray(0, magic.length).equals(magic)
}

export const createSegmentReader = (file: LogFile, startAt = 0): SegmentReader => {
  const window = createWindow(file)
  let at = startAt
  let expected = 0

  const sound = (header: FrameHeader | undefined): header is FrameHeader =>
    header !== undefined && header.base >= expected && header.bodyBytes <= FRAME_BODY_BYTES_MAX

  /** Where the next intact frame header begins, or nothing when there is none. */
  const findFrame = async (from: number, limit: number): Promise<number | undefined> => {
    let place = from
    while (place + FRAME_HEADER_BYTES <= limit) {
      const bytes = await window.view(place, READ_BYTES, limit)
      if (bytes.length < FRAME_HEADER_BYTES) return undefined
      const found = bytes.indexOf(FRAME_MAGIC)
      if (found < 0) place += Math.max(1, bytes.length - FRAME_MAGIC.length + 1)
      else if (found + FRAME_HEADER_BYTES > bytes.length) place += found
      else if (sound(readFrameHeader(bytes, found))) return place + found
      else place += found + 1
    }
    return undefined
  }

  const stepOver = async (limit: number, header?: FrameHeader): Promise<Piece> => {
    const from = at
    const found = await findFrame(at + 1, limit)
    if (found !== undefined) {
      at = found
      return { kind: 'damage', at: from }
    }
    const rest = await window.view(from, READ_BYTES, limit)
    at = limit
    return { kind: 'tail', at: from, torn: looksTorn(rest, header) }
  }

  const next = async (limit: number): Promise<Piece | undefined> => {
    if (at >= limit) return undefined
    const head = await window.view(at, FRAME_HEADER_BYTES, limit)
    const header = head.length < FRAME_HEADER_BYTES ? undefined : readFrameHeader(head, 0)
    if (!sound(header)) return stepOver(limit)
    const bytes = FRAME_HEADER_BYTES + header.bodyBytes
    const whole = await window.view(at, bytes, limit)
    if (whole.length < bytes) return stepOver(limit, header)
    const body = whole.subarray(FRAME_HEADER_BYTES, bytes)
    const from = at
    at += bytes
    expected = header.base + header.count
    return bodyIsIntact(header, body)
      ? { kind: 'frame', at: from, header, body }
      : { kind: 'damage', at: from, header }
  }

  return { next, close: () => file.close() }
}
