// The segment files of one partition: finding them, recovering the last one, dropping the oldest.
import { join } from 'node:path'
import type { Millis } from '../../../domain/time.ts'
import type { Files, LogFile } from './files.ts'
import { FRAME_HEADER_BYTES, readFrameHeader } from './frames.ts'
import { createSegmentReader } from './segment-reader.ts'

export interface Segment {
  /** Offset of its first record; also its file name. */
  readonly base: number
  readonly path: string
  /** Bytes that are durable. */
  bytes: number
  /** When its first frame was appended; absent while it is empty or its head is damaged. */
  firstAppendedAt?: Millis
}

const NAME = /^(\d{20})\.log$/

export const segmentPath = (directory: string, base: number): string =>
  join(directory, `${String(base).padStart(20, '0')}.log`)

const inspect = async (files: Files, path: string, base: number): Promise<Segment> => {
  const file = await files.open(path)
  try {
    const head = Buffer.alloc(FRAME_HEADER_BYTES)
    const whole = (await file.read(head, 0)) === head.length
    const header = whole ? readFrameHeader(head, 0) : undefined
    const segment: Segment = { base, path, bytes: await file.size() }
    if (header !== undefined) segment.firstAppendedAt = header.appendedAt
    return segment
  } finally {
    await file.close()
  }
}

/** Every segment in a directory, oldest first. */
export const findSegments = async (files: Files, directory: string): Promise<Segment[]> => {
  const bases = (await files.list(directory)).flatMap((name) => {
    const digits = NAME.exec(name)?.[1]
    return digits === undefined ? [] : [Number(digits)]
  })
  bases.sort((a, b) => a - b)
  const segments: Segment[] = []
  for (const base of bases) segments.push(await inspect(files, segmentPath(directory, base), base))
  // An empty one is only what an unfinished start of a segment left behind, unless it is the last.
  return segments.filter((segment, i) => segment.bytes > 0 || i === segments.length - 1)
}

export interface Recovery {
  /** Offset after the last record. */
  readonly end: number
  readonly lastAppendedAt: Millis
  /** Bytes of an unfinished write that were cut off. */
  readonly cutBytes: number
  /** Stretches that cannot be read any more. */
  readonly lost: readonly { fromOffset: number; toOffset: number; detail: string }[]
}

type Lost = Recovery['lost'][number]

/** Reads the last segment through and leaves its file ending at a frame's end. */
export const recoverSegment = async (segment: Segment, file: LogFile): Promise<Recovery> => {
  const reader = createSegmentReader(file)
  const lost: Lost[] = []
  let end = segment.base
  let lastAppendedAt = 0
  let cutBytes = 0
  let damagedAt: number | undefined
  /** Where the damaged frames end, as far as their headers still tell. */
  let damagedTo = end

  const reach = (offset: number): void => {
    if (offset > end)
      lost.push({ fromOffset: end, toOffset: offset, detail: damageText(segment, damagedAt) })
    end = Math.max(end, offset)
    damagedAt = undefined
  }

  for (;;) {
    const piece = await reader.next(segment.bytes)
    if (piece === undefined) break
    if (piece.kind === 'tail') {
      reach(damagedTo)
      if (!piece.torn) lost.push(unknownLoss(segment, end, piece.at))
      cutBytes = await cutTail(segment, file, piece.at)
      break
    }
    const { header } = piece
    if (piece.kind === 'frame') reach(piece.header.base)
    else damagedAt ??= piece.at
    if (header === undefined) continue
    damagedTo = header.base + header.count
    if (piece.kind === 'frame') end = damagedTo
    lastAppendedAt = header.appendedAt
  }
  reach(damagedTo)
  return { end, lastAppendedAt, cutBytes, lost }
}

const cutTail = async (segment: Segment, file: LogFile, at: number): Promise<number> => {
  const cutBytes = segment.bytes - at
  await file.truncate(at)
  await file.sync()
  segment.bytes = at
  return cutBytes
}

const unknownLoss = (segment: Segment, end: number, at: number): Lost => ({
  fromOffset: end,
  toOffset: end,
  detail: `${damageText(segment, at)}; how many records were there is unknown`,
})

/** What to say of a stretch that begins with the bytes at `at`. */
export const damageText = (segment: Segment, at: number | undefined): string =>
  at === undefined
    ? `records are missing in ${segment.path}`
    : `damaged bytes from ${at} in ${segment.path}`

/**
 * How many of the oldest segments may go. The active one always stays. Age waits for readers;
 * the byte limit does not.
 * @param readFrom the lowest offset that a live subscription has yet to read
 */
export const countExpired = (
  segments: readonly Segment[],
  retention: { bytesMax: number; ageMaxMs: number },
  now: Millis,
  readFrom: number,
): number => {
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
  let count = 0
  while (count < segments.length - 1) {
    const next = segments[count + 1]!
    // Everything in a segment is at least as old as the first frame of the one after it.
    const tooOld =
      next.firstAppendedAt !== undefined && next.firstAppendedAt < now - retention.ageMaxMs
    if (bytes <= retention.bytesMax && !(tooOld && next.base <= readFrom)) break
    bytes -= segments[count]!.bytes
    count += 1
  }
  return count
}
