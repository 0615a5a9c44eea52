// Reads the files of a log that nobody else uses: to prove them, and in the order of their times.
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type LogRecord, TOPICS, type Topic } from '../../domain/ports/log.ts'
import type { Clock } from '../../domain/time.ts'
import { openEmbeddedLog } from '../adapters/embedded-log/embedded-log.ts'
import { nodeFiles } from '../adapters/embedded-log/files.ts'
import { openPartition } from '../adapters/embedded-log/partition.ts'
import { createPartitionReader } from '../adapters/embedded-log/partition-reader.ts'
import type { CopiedPartition } from './manifest.ts'

const RECORDS_MAX = 500
const BATCH_BYTES_MAX = 4 * 1024 * 1024

/**
 * Opens the log as the pipeline does, which cuts what a write in progress left at the ends.
 * @returns how far each partition reaches
 */
export const proveLog = async (directory: string, clock: Clock): Promise<CopiedPartition[]> => {
  const log = await openEmbeddedLog({ directory, clock })
  const positions: CopiedPartition[] = []
  try {
    for (const topic of TOPICS)
      for (let partition = 0; partition < (await log.partitions(topic)); partition++)
        positions.push({ topic, partition, ...(await log.bounds(topic, partition)) })
  } finally {
    await log.close()
  }
  for (const name of await readdir(directory))
    if (/^lock\.\d+$/.test(name)) await rm(join(directory, name))
  return positions
}

/** Records of one partition in batches, oldest first; what is damaged is read past. */
export async function* readPartition(
  directory: string,
  topic: Topic,
  index: number,
): AsyncGenerator<LogRecord[]> {
  const partition = await openPartition({
    files: nodeFiles,
    directory: join(directory, `${topic}-${index}`),
    clock: { now: () => 0 }, // nothing is appended
    segmentBytesMax: Infinity,
    retention: { bytesMax: Infinity, ageMaxMs: Infinity },
    lost: () => {},
    cut: () => {},
  })
  const reader = createPartitionReader(
    { topic, index, partition, files: nodeFiles, lost: () => {} },
    partition.bounds().start,
  )
  try {
    for (;;) {
      const records = await reader.next(RECORDS_MAX, BATCH_BYTES_MAX)
      if (records.length === 0) return
      yield records
    }
  } finally {
    await reader.close()
    await partition.close()
  }
}

/** One partition, held at its next record. */
interface Head {
  readonly batches: AsyncGenerator<LogRecord[]>
  batch: readonly LogRecord[]
  at: number
}

const isBefore = (a: Head, b: Head): boolean =>
  a.batch[a.at]!.appendedAt < b.batch[b.at]!.appendedAt

/** The earliest; among equals the one named first. */
const earliest = (heads: readonly Head[]): Head =>
  heads.reduce((first, head) => (isBefore(head, first) ? head : first))

/**
 * Runs of records of one partition each, in the order in which they were appended over all of
 * `topics`, to the millisecond of one machine's clock; within a partition exactly. At the same
 * millisecond an earlier one of `topics` comes first.
 */
export async function* readInOrder(
  directory: string,
  topics: readonly Topic[],
  partitions: number,
): AsyncGenerator<readonly LogRecord[]> {
  const heads: Head[] = []
  const advance = async (head: Head): Promise<boolean> => {
    if (head.at < head.batch.length) return true
    const { value, done } = await head.batches.next()
    head.batch = done ? [] : value
    head.at = 0
    return !done
  }
  for (const topic of topics)
    for (let index = 0; index < partitions; index++) {
      const head: Head = { batches: readPartition(directory, topic, index), batch: [], at: 0 }
      if (await advance(head)) heads.push(head)
    }
  while (heads.length > 0) {
    const head = earliest(heads)
    const from = head.at
    do head.at += 1
    while (head.at < head.batch.length && earliest(heads) === head)
    yield head.batch.slice(from, head.at)
    if (!(await advance(head))) heads.splice(heads.indexOf(head), 1)
  }
}
