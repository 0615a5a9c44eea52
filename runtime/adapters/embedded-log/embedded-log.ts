// The embedded log: durable, partitioned, in plain files of one directory, for one process.
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  type LogEntry,
  type LogLoss,
  LogUnavailableError,
  type Subscription,
  TOPICS,
  type Topic,
} from '../../../domain/ports/log.ts'
import type { Clock } from '../../../domain/time.ts'
import type { GroupLag, ObservedLog } from '../log-lag.ts'
import { createLosses } from '../log-losses.ts'
import type { Retention } from '../log-retention.ts'
import { lockDirectory } from './directory-lock.ts'
import { type Files, nodeFiles } from './files.ts'
import { prepareFrame } from './frames.ts'
import { openPartition, type Partition } from './partition.ts'
import { type RunningFeeds, startSubscription } from './subscriptions.ts'

export interface EmbeddedLogOptions {
  readonly directory: string
  readonly clock: Clock
  /** Of every topic; what the directory was made with when absent, 1 for a new one. */
  readonly partitions?: number
  /** Default 64 MiB. A longer append gets a segment of its own. */
  readonly segmentBytesMax?: number
  /** What is kept of each topic, in whole segments. Default: everything. */
  readonly retention?: Partial<Record<Topic, Retention>>
  /** Appends that wait to become durable, over all topics; default 64 MiB. Beyond it: refused. */
  readonly queueBytesMax?: number
  onLoss?(loss: LogLoss): void
  /** For tests that make the disk fail. */
  readonly files?: Files
}

/** An unfinished write found at opening and cut off. None of it had been acknowledged. */
export interface TailCut {
  readonly topic: Topic
  readonly partition: number
  readonly bytes: number
}

export interface EmbeddedLog extends ObservedLog {
  cuts(): readonly TailCut[]
}

const SEGMENT_BYTES_MAX = 64 * 1024 * 1024
const QUEUE_BYTES_MAX = 64 * 1024 * 1024
const PROBE_BYTES = 64 * 1024
const PARTITIONS_MAX = 1_024
const FORMAT = 1

interface Layout {
  readonly format: number
  readonly partitions: number
}

/** The partition count decides where a scope's records are, so it is fixed with the directory. */
const settleLayout = async (directory: string, partitions?: number): Promise<Layout> => {
  const path = join(directory, 'log.json')
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) {
    const layout: Layout = { format: FORMAT, partitions: partitions ?? 1 }
    await writeFile(`${path}.draft`, JSON.stringify(layout), { flush: true })
    await rename(`${path}.draft`, path)
    await nodeFiles.syncDirectory(directory)
    return layout
  }
  const layout = JSON.parse(text) as Layout
  if (layout.format !== FORMAT)
    throw new Error(`${directory} holds a log of format ${layout.format}; this reads ${FORMAT}`)
  if (partitions !== undefined && partitions !== layout.partitions)
    throw new Error(
      `the log in ${directory} has ${layout.partitions} partitions, not ${partitions}: ` +
        'the count cannot change once records are there',
    )
  return layout
}

/** Opens, recovers and locks the log in a directory, which is made when absent. */
export const openEmbeddedLog = async (options: EmbeddedLogOptions): Promise<EmbeddedLog> => {
  const { partitions } = options
  if (partitions !== undefined && !(partitions >= 1 && partitions <= PARTITIONS_MAX))
    throw new RangeError(`partitions must be from 1 to ${PARTITIONS_MAX}, not ${partitions}`)
  const directory = resolve(options.directory)
  await nodeFiles.makeDirectory(directory)
  const unlock = await lockDirectory(directory)
  try {
    const layout = await settleLayout(directory, partitions)
    return await openLocked({ ...options, directory, partitions: layout.partitions }, unlock)
  } catch (error) {
    await unlock()
    throw error
  }
}

const openTopics = async (
  options: EmbeddedLogOptions & { partitions: number },
  lost: (loss: LogLoss) => void,
  cut: (cut: TailCut) => void,
): Promise<Map<Topic, Partition[]>> => {
  const topics = new Map<Topic, Partition[]>()
  for (const topic of TOPICS) {
    const { bytesMax = Infinity, ageMaxMs = Infinity } = options.retention?.[topic] ?? {}
    const opened: Partition[] = []
    for (let index = 0; index < options.partitions; index++)
      opened.push(
        await openPartition({
          files: options.files ?? nodeFiles,
          directory: join(options.directory, `${topic}-${index}`),
          clock: options.clock,
          segmentBytesMax: options.segmentBytesMax ?? SEGMENT_BYTES_MAX,
          retention: { bytesMax: bytesMax / options.partitions, ageMaxMs },
          lost: (fromOffset, toOffset, detail) =>
            lost({ topic, partition: index, fromOffset, toOffset, detail }),
          cut: (bytes) => cut({ topic, partition: index, bytes }),
        }),
      )
    topics.set(topic, opened)
  }
  await (options.files ?? nodeFiles).syncDirectory(options.directory)
  return topics
}

/** Whether the disk takes bytes again, asked after an append failed for want of it. */
const probeDisk = async (files: Files, directory: string): Promise<void> => {
  const path = join(directory, 'probe')
  const file = await files.open(path)
  try {
    const written = await file.write(Buffer.alloc(PROBE_BYTES), 0)
    if (written !== PROBE_BYTES) throw new Error('the disk is full')
  } finally {
    await file.close()
    await files.remove(path)
  }
}

const openLocked = async (
  options: EmbeddedLogOptions & { partitions: number },
  unlock: () => Promise<void>,
): Promise<EmbeddedLog> => {
  const { files = nodeFiles, queueBytesMax = QUEUE_BYTES_MAX } = options
  const losses = createLosses(options.onLoss)
  const cuts: TailCut[] = []
  const topics = await openTopics(options, losses.report, (cut) => cuts.push(cut))
  const groups = new Set<string>()
  const subscriptions = new Set<RunningFeeds>()
  let queuedBytes = 0
  let failing = false
  let closed = false

  const partitionOf = (topic: Topic, index: number): Partition => {
    const partition = topics.get(topic)?.[index]
    if (partition === undefined) throw new RangeError(`no partition ${index} of ${topic}`)
    return partition
  }

  const append = async (topic: Topic, index: number, entries: readonly LogEntry[]) => {
    const partition = partitionOf(topic, index)
    if (closed) throw new LogUnavailableError('the log is closed')
    if (entries.length === 0) return partition.bounds().end
    const frame = prepareFrame(entries)
    if (queuedBytes > 0 && queuedBytes + frame.bytes > queueBytesMax)
      throw new LogUnavailableError(`${queuedBytes} bytes wait to be written: the queue is full`)
    queuedBytes += frame.bytes
    try {
      const offset = await partition.append(frame)
      failing = false
      return offset
    } catch (error) {
      failing = true
      throw error
    } finally {
      queuedBytes -= frame.bytes
    }
  }

  const check = async (): Promise<void> => {
    if (closed) throw new LogUnavailableError('the log is closed')
    if (!failing) return
    await probeDisk(files, options.directory).catch((cause: Error) => {
      throw new LogUnavailableError(`the log cannot be written: ${cause.message}`, { cause })
    })
    failing = false
  }

  const subscribe = async (subscription: Subscription) => {
    const { group } = subscription
    if (closed) throw new LogUnavailableError('the log is closed')
    if (groups.has(group))
      throw new Error(`${group} is subscribed already: an embedded log has one member a group`)
    groups.add(group)
    const source = { files, partitionsOf: (topic: Topic) => topics.get(topic)! }
    const starting = startSubscription({ ...source, lost: losses.report }, subscription)
    const running = await starting.catch((error) => {
      groups.delete(group)
      throw error
    })
    subscriptions.add(running)
    const stop = async (): Promise<void> => {
      await running.stop()
      if (subscriptions.delete(running)) groups.delete(group)
    }
    return { stop }
  }

  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    for (const running of subscriptions) await running.stop()
    for (const opened of topics.values()) for (const partition of opened) await partition.close()
    await unlock()
  }

  return {
    partitions: async () => options.partitions,
    append,
    bounds: async (topic, index) => partitionOf(topic, index).bounds(),
    subscribe,
    losses: losses.list,
    cuts: () => cuts,
    lag: (): GroupLag[] => [...subscriptions].flatMap((running) => running.lag()),
    check,
    close,
  }
}
