// Reads one partition from an offset on, over segment ends and damage, telling what it cannot give.
import type { LogRecord, Topic } from '../../../domain/ports/log.ts'
import type { Files } from './files.ts'
import { readEntry } from './frames.ts'
import type { Partition } from './partition.ts'
import { createSegmentReader, type Piece, type SegmentReader } from './segment-reader.ts'
import { damageText, type Segment } from './segments.ts'

export interface PartitionReader {
  /** Offset of the next record that it will give. */
  position(): number
  /** Records at hand, empty when all durable ones were given. At least one even if over `bytesMax`. */
  next(recordsMax: number, bytesMax: number): Promise<LogRecord[]>
  close(): Promise<void>
}

interface Settings {
  readonly topic: Topic
  readonly index: number
  readonly partition: Partition
  readonly files: Files
  lost(fromOffset: number, toOffset: number, detail: string): void
}

/** A frame being taken apart. */
interface OpenFrame {
  readonly piece: Piece & { kind: 'frame' }
  offset: number
  at: number
}

export const createPartitionReader = (settings: Settings, from: number): PartitionReader => {
  const { topic, index, partition, files } = settings
  let offset = from
  let segment: Segment | undefined
  let reader: SegmentReader | undefined
  let frame: OpenFrame | undefined
  let damagedAt: number | undefined

  const skipTo = (to: number, detail: string): void => {
    if (to <= offset) return
    settings.lost(offset, to, detail)
    offset = to
  }

  const enter = async (next: Segment): Promise<void> => {
    await reader?.close()
    reader = undefined
    segment = next
    damagedAt = undefined
    reader = createSegmentReader(await files.open(next.path))
  }

  /** The segment that holds `offset`, and the offset where its records end. */
  const locate = (): { holder: Segment; endOffset: number } => {
    const segments = partition.segments()
    skipTo(segments[0]!.base, 'removed by retention before it was read')
    const after = segments.findIndex(({ base }) => base > offset)
    const holder = after < 0 ? segments.at(-1)! : segments[after - 1]!
    return { holder, endOffset: after < 0 ? partition.bounds().end : segments[after]!.base }
  }

  /** The frame that holds `offset`, or nothing when all durable records were given. */
  const findFrame = async (): Promise<OpenFrame | undefined> => {
    for (;;) {
      const { holder, endOffset } = locate()
      if (offset >= endOffset && endOffset === partition.bounds().end) return undefined
      if (holder !== segment) await enter(holder)
      const piece = await reader!.next(holder.bytes)
      if (piece === undefined || piece.kind === 'tail') {
        skipTo(endOffset, damageText(holder, damagedAt ?? piece?.at))
        continue
      }
      if (piece.kind === 'damage') {
        damagedAt ??= piece.at
        continue
      }
      const { base, count } = piece.header
      skipTo(Math.min(base, endOffset), damageText(holder, damagedAt))
      damagedAt = undefined
      if (base + count > offset) return { piece, offset: base, at: 0 }
    }
  }

  const takeRecord = (open: OpenFrame): LogRecord => {
    const { header, body } = open.piece
    const { headers, value, next } = readEntry(body, open.at)
    const record: LogRecord = {
      topic,
      partition: index,
      offset: open.offset,
      appendedAt: header.appendedAt,
      value,
      headers,
    }
    open.at = next
    open.offset += 1
    return record
  }

  const next = async (recordsMax: number, bytesMax: number): Promise<LogRecord[]> => {
    const records: LogRecord[] = []
    let bytes = 0
    while (records.length < recordsMax && bytes < bytesMax) {
      frame ??= await findFrame()
      if (frame === undefined) break
      const record = takeRecord(frame)
      if (record.offset >= offset) {
        records.push(record)
        bytes += record.value.length
        offset = record.offset + 1
      }
      if (frame.at === frame.piece.body.length) frame = undefined
    }
    return records
  }

  return {
    position: () => offset,
    next,
    close: async () => {
      await reader?.close()
    },
  }
}
