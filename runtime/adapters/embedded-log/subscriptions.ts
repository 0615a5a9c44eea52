// Feeds a stage from the embedded log: one loop a partition, woken by commits, paced by the stage.
import type {
  LogLoss,
  RunningSubscription,
  Subscription,
  Topic,
} from '../../../domain/ports/log.ts'
import type { GroupLag } from '../log-lag.ts'
import type { Files } from './files.ts'
import type { Partition } from './partition.ts'
import { createPartitionReader, type PartitionReader } from './partition-reader.ts'

const RECORDS_MAX = 500
/** A batch ends beyond this many bytes of values, whatever `recordsMax` says. */
const BATCH_BYTES_MAX = 4 * 1024 * 1024

interface Settings {
  readonly files: Files
  partitionsOf(topic: Topic): readonly Partition[]
  lost(loss: LogLoss): void
}

/** One partition as one subscription reads it. */
interface Feed {
  readonly topic: Topic
  readonly index: number
  readonly partition: Partition
  readonly reader: PartitionReader
  /** What the stage has dealt with: the offset after it. */
  position: number
}

export interface RunningFeeds extends RunningSubscription {
  lag(): readonly GroupLag[]
}

const openFeed = async (
  settings: Settings,
  subscription: Subscription,
  topic: Topic,
  index: number,
): Promise<Feed> => {
  const partition = settings.partitionsOf(topic)[index]!
  const position = await subscription.assigned(topic, index)
  if (!Number.isSafeInteger(position) || position < 0)
    throw new RangeError(`${subscription.group} asked for offset ${position} of ${topic} ${index}`)
  await partition.advanceTo(position)
  const reader = createPartitionReader(
    {
      topic,
      index,
      partition,
      files: settings.files,
      lost: (fromOffset, toOffset, detail) =>
        settings.lost({ topic, partition: index, fromOffset, toOffset, detail }),
    },
    position,
  )
  return { topic, index, partition, reader, position }
}

const openFeeds = async (settings: Settings, subscription: Subscription): Promise<Feed[]> => {
  const feeds: Feed[] = []
  for (const topic of subscription.topics)
    for (const index of settings.partitionsOf(topic).keys())
      feeds.push(await openFeed(settings, subscription, topic, index))
  return feeds
}

export const startSubscription = async (
  settings: Settings,
  subscription: Subscription,
): Promise<RunningFeeds> => {
  const recordsMax = subscription.recordsMax ?? RECORDS_MAX
  const feeds = await openFeeds(settings, subscription)
  const watchers = feeds.map((feed) => ({ feed, position: () => feed.position }))
  for (const { feed, position } of watchers) feed.partition.readers.add(position)
  let stopping = false

  const stopFeeds = (): void => {
    stopping = true
    for (const { feed, position } of watchers) {
      feed.partition.readers.delete(position)
      feed.partition.wake()
    }
  }

  const run = async (feed: Feed): Promise<void> => {
    const { partition, reader } = feed
    while (!stopping) {
      const records = await reader.next(recordsMax, BATCH_BYTES_MAX)
      if (stopping) break
      if (records.length > 0) await subscription.batch(records, partition.bounds().end)
      feed.position = reader.position()
      if (!stopping && feed.position >= partition.bounds().end) await partition.changed()
    }
  }

  const runGuarded = async (feed: Feed): Promise<void> => {
    try {
      await run(feed)
    } catch (error) {
      const first = !stopping
      stopFeeds()
      if (first) subscription.failed(error instanceof Error ? error : new Error(String(error)))
    } finally {
      await feed.reader.close()
    }
  }

  const running = Promise.all(feeds.map(runGuarded))
  return {
    stop: async () => {
      stopFeeds()
      await running
    },
    lag: () =>
      feeds.map(({ topic, index, partition, position }) => ({
        group: subscription.group,
        topic,
        partition: index,
        records: partition.bounds().end - position,
      })),
  }
}
