// Takes a copy back to a moment: what was written to its log after that is left out.
import { readdir, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { TOPICS } from '../../domain/ports/log.ts'
import type { Clock, Millis } from '../../domain/time.ts'
import { openFileCheckpoints } from '../adapters/checkpoint-files.ts'
import { nodeFiles } from '../adapters/embedded-log/files.ts'
import { createSegmentReader } from '../adapters/embedded-log/segment-reader.ts'
import { findSegments, type Segment } from '../adapters/embedded-log/segments.ts'
import { proveLog } from './log-files.ts'
import type { CopiedCheckpoint, Manifest } from './manifest.ts'

/*
 * Every effect is appended after its cause, by one machine's clock: so a log that is cut at one
 * time in all its partitions is one that a backup of that time could have found.
 */

/** Where the first append after `until` begins; the end where there is none. */
const cutIn = async ({ path, bytes }: Segment, until: Millis): Promise<number> => {
  const reader = createSegmentReader(await nodeFiles.open(path))
  try {
    for (;;) {
      const piece = await reader.next(bytes)
      if (piece === undefined || piece.kind === 'tail') return bytes
      if (piece.header !== undefined && piece.header.appendedAt > until) return piece.at
    }
  } finally {
    await reader.close()
  }
}

const rewindPartition = async (directory: string, until: Millis): Promise<void> => {
  const segments = await findSegments(nodeFiles, directory)
  // The log's time never goes back: all that follows a later segment's begin is later, too.
  const later = segments.findIndex(({ firstAppendedAt = 0 }) => firstAppendedAt > until)
  const last = later < 0 ? segments.length - 1 : Math.max(0, later - 1)
  for (const { path } of segments.slice(last + 1)) await rm(path)
  const end = segments[last]
  // The first one stays even if it is empty now: offsets go on from its name.
  if (end !== undefined) await truncate(end.path, await cutIn(end, until))
}

/** One saved later holds what came of events whose incidents are cut off. */
const keepCheckpoints = async (
  directory: string,
  copied: readonly CopiedCheckpoint[],
  until: Millis,
): Promise<CopiedCheckpoint[]> => {
  const store = await openFileCheckpoints({ directory })
  const kept: CopiedCheckpoint[] = []
  for (const checkpoint of copied) {
    const { savedAt = Infinity } = (await store.load(checkpoint.name)) ?? {}
    if (savedAt <= until) {
      kept.push(checkpoint)
      continue
    }
    const prefix = `${encodeURIComponent(checkpoint.name)}.`
    for (const file of await readdir(directory))
      if (file.startsWith(prefix) && !file.endsWith('.epoch')) await rm(join(directory, file))
  }
  return kept
}

const iso = (at: Millis): string => new Date(at).toISOString()

/**
 * @param copy directory of a backup that was verified
 * @returns what a backup taken at `until` would say of its log and checkpoints
 * @throws Error when the backup does not reach `until`, or nothing was written by then
 */
export const rewind = async (
  copy: string,
  manifest: Manifest,
  until: Millis,
  clock: Clock,
): Promise<Manifest> => {
  if (until > manifest.takenAt)
    throw new Error(`the backup is of ${iso(manifest.takenAt)}: it does not reach ${iso(until)}`)
  const log = join(copy, 'log')
  for (const topic of TOPICS)
    for (let partition = 0; partition < manifest.partitions; partition++)
      await rewindPartition(join(log, `${topic}-${partition}`), until)
  const positions = await proveLog(log, clock)
  if (positions.every(({ start, end }) => start === end))
    throw new Error(`nothing of what the backup holds was written by ${iso(until)}`)
  const checkpoints = await keepCheckpoints(join(copy, 'checkpoints'), manifest.checkpoints, until)
  return { ...manifest, takenAt: until, positions, checkpoints }
}
