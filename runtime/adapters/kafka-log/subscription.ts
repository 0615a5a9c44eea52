// Feeds a stage from a Kafka consumer group, from the stage's own position, not the group's.
import type { Consumer, ConsumerCrashEvent, ConsumerGroupJoinEvent } from 'kafkajs'
import { type RunningSubscription, type Subscription, TOPICS } from '../../../domain/ports/log.ts'
import type { GroupLag } from '../log-lag.ts'
import type { KafkaClient } from './client.ts'
import { createDelivery } from './delivery.ts'
import { createOwnership, type Owned, type OwnershipSettings } from './ownership.ts'

const SESSION_TIMEOUT_MS = 30_000
/** Heartbeats in one session timeout. */
const HEARTBEATS = 10
const REBALANCE_TIMEOUT_MS = 60_000
/** How long a fetch waits for the first byte; also how long a stop may take. */
const FETCH_WAIT_MS = 500
const PARTITION_BYTES_MAX = 4 * 1024 * 1024
const FETCH_BYTES_MAX = 32 * 1024 * 1024
const PARTITIONS_AT_ONCE = 16
const RETRY = { initialRetryTime: 200, maxRetryTime: 3_000, retries: 5 }

export interface KafkaSubscription extends RunningSubscription {
  lag(): readonly GroupLag[]
}

const makeConsumer = ({ kafka, options, nameOf }: KafkaClient, group: string): Consumer => {
  const sessionTimeout = options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS
  return kafka.consumer({
    groupId: nameOf(group),
    sessionTimeout,
    heartbeatInterval: Math.floor(sessionTimeout / HEARTBEATS),
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    maxBytes: FETCH_BYTES_MAX,
    maxBytesPerPartition: PARTITION_BYTES_MAX,
    allowAutoTopicCreation: false,
    retry: RETRY,
  })
}

export const startKafkaSubscription = async (
  client: KafkaClient,
  subscription: Subscription,
  settings: Pick<OwnershipSettings, 'bounds' | 'lost'>,
): Promise<KafkaSubscription> => {
  const { group, topics } = subscription
  const { options, nameOf } = client
  const heartbeatMs = Math.floor((options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS) / HEARTBEATS)
  const consumer = makeConsumer(client, group)
  const topicOf = new Map(TOPICS.map((topic) => [nameOf(topic), topic]))
  let ended = false

  const fail = (error: unknown): void => {
    if (ended) return
    ended = true
    subscription.failed(error instanceof Error ? error : new Error(String(error)))
    consumer.disconnect().catch(() => {}) // in the background: a batch of it may be calling
  }

  const seek = ({ topic, partition, position }: Owned): void => {
    try {
      consumer.seek({ topic: nameOf(topic), partition, offset: String(position) })
    } catch {
      // Between a crash and the restart there is no group to seek in; the next join seeks again.
    }
  }

  const ownership = createOwnership({
    ...settings,
    subscription,
    seek,
    isEnded: () => ended,
    failed: fail,
  })

  const deliver = createDelivery({
    subscription,
    ownership,
    heartbeatMs,
    topicOf: (name) => topicOf.get(name),
    isEnded: () => ended,
    failed: fail,
  })

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }: ConsumerGroupJoinEvent) => {
    const joined = Object.entries(payload.memberAssignment).flatMap(([name, partitions]) =>
      partitions.map((partition) => ({ topic: topicOf.get(name)!, partition })),
    )
    ownership.joined(payload.memberId, joined)
  })
  consumer.on(consumer.events.CRASH, ({ payload }: ConsumerCrashEvent) => {
    if (payload.restart) ownership.joined('', [])
    else fail(payload.error)
  })

  await consumer.connect()
  await consumer.subscribe({ topics: topics.map(nameOf), fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
    eachBatch: deliver,
  })

  return {
    stop: async () => {
      ended = true
      await consumer.disconnect()
      await ownership.settled()
    },
    lag: () =>
      ownership.all().map(({ topic, partition, position, end }) => ({
        group,
        topic,
        partition,
        records: Math.max(0, end - position),
      })),
  }
}
