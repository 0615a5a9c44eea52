// The Kafka log: the Log port on Apache Kafka, through kafkajs, which is imported nowhere else.
import type { Admin } from 'kafkajs'
import type { LogLoss, PartitionBounds, Subscription, Topic } from '../../domain/ports/log.ts'
import { createAppender } from './kafka-log/appender.ts'
import { createClient, type KafkaClient, type KafkaLogOptions } from './kafka-log/client.ts'
import { withinDeadline } from './kafka-log/deadline.ts'
import { type KafkaSubscription, startKafkaSubscription } from './kafka-log/subscription.ts'
import { ensureTopics } from './kafka-log/topics.ts'
import type { ObservedLog } from './log-lag.ts'
import { createLosses } from './log-losses.ts'

export type { KafkaLogOptions }

const ANSWER_TIMEOUT_MS = 5_000

const fetchBounds = async (
  client: KafkaClient,
  admin: Admin,
  topic: Topic,
  partition: number,
): Promise<PartitionBounds> => {
  const asked = admin.fetchTopicOffsets(client.nameOf(topic))
  const offsets = await withinDeadline(`bounds of ${topic}`, ANSWER_TIMEOUT_MS, asked)
  const found = offsets.find((each) => each.partition === partition)
  if (found === undefined) throw new RangeError(`no partition ${partition} of ${topic}`)
  return { start: Number(found.low), end: Number(found.high) }
}

/**
 * Makes the topics that are missing.
 * @throws Error when the brokers cannot be reached or a topic has another partition count
 */
export const openKafkaLog = async (options: KafkaLogOptions): Promise<ObservedLog> => {
  const client = createClient(options)
  const admin = client.kafka.admin()
  await admin.connect()
  try {
    await ensureTopics(client, admin)
  } catch (error) {
    await admin.disconnect()
    throw error
  }
  const appender = createAppender(client)
  const subscriptions = new Set<KafkaSubscription>()
  const losses = createLosses((loss: LogLoss) =>
    options.logger.error({ loss }, 'Kafka cannot give back some records'),
  )
  const bounds = (topic: Topic, partition: number) => fetchBounds(client, admin, topic, partition)

  const subscribe = async (subscription: Subscription) => {
    const running = await startKafkaSubscription(client, subscription, {
      bounds,
      lost: losses.report,
    })
    subscriptions.add(running)
    return {
      stop: async () => {
        subscriptions.delete(running)
        await running.stop()
      },
    }
  }

  return {
    partitions: async () => options.partitions,
    append: async (topic, partition, entries) => {
      if (!(partition >= 0 && partition < options.partitions))
        throw new RangeError(`no partition ${partition} of ${topic}`)
      if (entries.length === 0) return (await bounds(topic, partition)).end
      return appender.append(topic, partition, entries)
    },
    bounds,
    subscribe,
    losses: losses.list,
    lag: () => [...subscriptions].flatMap((running) => running.lag()),
    check: async () => {
      await withinDeadline('check', ANSWER_TIMEOUT_MS, admin.describeCluster())
    },
    close: async () => {
      for (const running of subscriptions) await running.stop()
      await appender.close()
      await admin.disconnect()
    },
  }
}
