// One partition of the embedded log: its segments, the end that grows, and its readers' signal.
import type { PartitionBounds } from '../../../domain/ports/log.ts'
import type { Clock, Millis } from '../../../domain/time.ts'
import { createGroupCommit } from '../log-group-commit.ts'
import type { Files, LogFile } from './files.ts'
import { type PreparedFrame, writeFrame } from './frames.ts'
import {
  countExpired,
  findSegments,
  recoverSegment,
  type Segment,
  segmentPath,
} from './segments.ts'

export interface PartitionSettings {
  readonly files: Files
  readonly directory: string
  readonly clock: Clock
  readonly segmentBytesMax: number
  /** This partition's share. */
  readonly retention: { readonly bytesMax: number; readonly ageMaxMs: number }
  lost(fromOffset: number, toOffset: number, detail: string): void
  cut(bytes: number): void
}

export interface Partition {
  /** Resolves with the first offset once durable; rejects with LogUnavailableError. */
  append(frame: PreparedFrame): Promise<number>
  bounds(): PartitionBounds
  /** Oldest first; the last one is being written. */
  segments(): readonly Segment[]
  /** Resolves at the next commit, or when `wake` is called. */
  changed(): Promise<void>
  wake(): void
  /** Offsets below `offset` were handed out once and are gone: never hand them out again. */
  advanceTo(offset: number): Promise<void>
  /** Live readers' positions, which retention by age waits for. */
  readonly readers: Set<() => number>
  close(): Promise<void>
}

/** Appends are gathered into one write up to this size. */
const GROUP_BYTES_MAX = 4 * 1024 * 1024
/** With retention by age a segment spans at most this share of it, so that whole ones expire. */
const SEGMENT_AGE_SHARE = 1 / 8

interface State {
  readonly segments: Segment[]
  /** The last segment's. */
  file: LogFile
  /** The offset that the next record will get. */
  end: number
  newestAt: Millis
  /** A write failed, and what it left in the file is not cut off yet. */
  unsoundTail: boolean
  readonly readers: Set<() => number>
}

const recover = async (settings: PartitionSettings, segment: Segment) => {
  const file = await settings.files.open(segment.path)
  const recovery = await recoverSegment(segment, file)
  for (const { fromOffset, toOffset, detail } of recovery.lost)
    settings.lost(fromOffset, toOffset, detail)
  if (recovery.cutBytes > 0) settings.cut(recovery.cutBytes)
  return { file, end: recovery.end, newestAt: recovery.lastAppendedAt }
}

/** Finds or makes the segments of a partition, the last one open and ending soundly. */
const openState = async (settings: PartitionSettings): Promise<State> => {
  const { files, directory } = settings
  await files.makeDirectory(directory)
  const segments = await findSegments(files, directory)
  if (segments.length === 0) {
    const path = segmentPath(directory, 0)
    segments.push({ base: 0, path, bytes: 0 })
    await (await files.open(path)).close()
    await files.syncDirectory(directory)
  }
  const segment = segments.at(-1)!
  const last = await recover(settings, segment)
  const common = { segments, unsoundTail: false, readers: new Set<() => number>() }
  const previous = segments.at(-2)
  if (segment.bytes > 0 || previous === undefined) return { ...last, ...common }
  const before = await recover(settings, previous)
  if (before.end <= segment.base) {
    await before.file.close()
    return { ...last, newestAt: before.newestAt, ...common }
  }
  // Starting the last segment had failed, and the one before it was written on.
  await last.file.close()
  await files.remove(segment.path)
  segments.pop()
  return { ...before, ...common }
}

/** The log's time never goes back, whatever the clock does. */
const logTime = (settings: PartitionSettings, state: State): Millis =>
  Math.max(state.newestAt, settings.clock.now())

/** Cuts what a failed write may have left, before anything else goes there. */
const mendTail = async (state: State): Promise<void> => {
  if (!state.unsoundTail) return
  await state.file.truncate(state.segments.at(-1)!.bytes)
  await state.file.sync()
  state.unsoundTail = false
}

const dropExpired = async (settings: PartitionSettings, state: State): Promise<void> => {
  const readFrom = Math.min(...[...state.readers].map((position) => position()))
  const now = logTime(settings, state)
  const count = countExpired(state.segments, settings.retention, now, readFrom)
  for (const segment of state.segments.splice(0, count)) await settings.files.remove(segment.path)
}

const startSegment = async (
  settings: PartitionSettings,
  state: State,
  base: number,
): Promise<void> => {
  const path = segmentPath(settings.directory, base)
  const file = await settings.files.open(path)
  try {
    await file.truncate(0)
    await settings.files.syncDirectory(settings.directory)
  } catch (error) {
    await file.close()
    throw error
  }
  const full = state.file
  state.file = file
  state.segments.push({ base, path, bytes: 0 })
  await full.close()
  await dropExpired(settings, state)
}

const isFull = (settings: PartitionSettings, state: State, bytes: number, now: Millis): boolean => {
  const segment = state.segments.at(-1)!
  if (segment.bytes === 0) return false
  const age = now - (segment.firstAppendedAt ?? now)
  return (
    segment.bytes + bytes > settings.segmentBytesMax ||
    age > settings.retention.ageMaxMs * SEGMENT_AGE_SHARE
  )
}

/** Writes it all, or leaves the file as it was and throws. */
const writeDurably = async (state: State, bytes: Buffer): Promise<void> => {
  state.unsoundTail = true
  try {
    const written = await state.file.write(bytes, state.segments.at(-1)!.bytes)
    if (written !== bytes.length)
      throw new Error(`only ${written} of ${bytes.length} bytes were written`)
    state.unsoundTail = false
  } catch (error) {
    await mendTail(state).catch(() => {}) // tried again before the next write
    throw error
  }
}

const createCommit = (settings: PartitionSettings, state: State, committed: () => void) => {
  let buffer = Buffer.alloc(0)
  return async (frames: readonly PreparedFrame[], bytes: number): Promise<number> => {
    await mendTail(state)
    const now = logTime(settings, state)
    if (isFull(settings, state, bytes, now)) await startSegment(settings, state, state.end)
    if (buffer.length < bytes || buffer.length > GROUP_BYTES_MAX)
      buffer = Buffer.allocUnsafeSlow(bytes)
    let at = 0
    let offset = state.end
    for (const frame of frames) {
      writeFrame(frame, offset, now, buffer, at)
      at += frame.bytes
      offset += frame.entries.length
    }
    await writeDurably(state, buffer.subarray(0, bytes))
    const segment = state.segments.at(-1)!
    segment.firstAppendedAt ??= now
    segment.bytes += bytes
    const first = state.end
    state.newestAt = now
    state.end = offset
    committed()
    return first
  }
}

export const openPartition = async (settings: PartitionSettings): Promise<Partition> => {
  const state = await openState(settings)
  let waiting: (() => void)[] = []

  const wake = (): void => {
    const woken = waiting
    waiting = []
    for (const resume of woken) resume()
  }

  const commits = createGroupCommit(GROUP_BYTES_MAX, createCommit(settings, state, wake))

  const advance = async (offset: number): Promise<void> => {
    if (offset <= state.end) return
    const missing = state.end
    await mendTail(state)
    await startSegment(settings, state, offset)
    state.end = offset
    settings.lost(missing, offset, 'a stage had read further than this log now reaches')
  }

  return {
    append: commits.append,
    bounds: () => ({ start: state.segments[0]!.base, end: state.end }),
    segments: () => state.segments,
    changed: () => new Promise((resolve) => waiting.push(resolve)),
    wake,
    advanceTo: (offset) => commits.between(() => advance(offset)),
    readers: state.readers,
    close: async () => {
      await commits.idle()
      await state.file.close()
    },
  }
}
