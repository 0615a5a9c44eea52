// Sees to it that every topic exists on the brokers as it has to be.
import { setTimeout as pause } from 'node:timers/promises'
import type { Admin, ITopicConfig } from 'kafkajs'
import { TOPICS, type Topic } from '../../../domain/ports/log.ts'
import type { KafkaClient } from './client.ts'

/** Longest record that a topic made here takes: a whole ingest batch. */
export const RECORD_BYTES_MAX = 32 * 1024 * 1024
const REPLICAS_IN_SYNC_SPARE = 1

const topicConfig = ({ options, nameOf }: KafkaClient, topic: Topic): ITopicConfig => {
  const { partitions, replicationFactor } = options
  const { bytesMax, ageMaxMs } = options.retention?.[topic] ?? {}
  const perPartition = bytesMax === undefined ? -1 : Math.ceil(bytesMax / partitions)
  // One replica may be away without appends being refused, where there is one to spare.
  const inSync = Math.max(1, replicationFactor - REPLICAS_IN_SYNC_SPARE)
  const settings: Record<string, number | string> = {
    'cleanup.policy': 'delete',
    'retention.ms': ageMaxMs ?? -1,
    'retention.bytes': perPartition,
    'max.message.bytes': RECORD_BYTES_MAX,
    'message.timestamp.type': 'LogAppendTime',
    'min.insync.replicas': inSync,
  }
  return {
    topic: nameOf(topic),
    numPartitions: partitions,
    replicationFactor,
    configEntries: Object.entries(settings).map(([name, value]) => ({
      name,
      value: String(value),
    })),
  }
}

/** Brokers tell of a new topic only after a while. */
const READY_TIMEOUT_MS = 30_000
const READY_RETRY_MS = 100

const untilReady = async (admin: Admin, names: readonly string[]) => {
  const giveUpAt = performance.now() + READY_TIMEOUT_MS
  for (;;) {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [...names] })
      for (const name of names) await admin.fetchTopicOffsets(name) // asks each leader
      return topics
    } catch (error) {
      if (performance.now() > giveUpAt) throw error
      await pause(READY_RETRY_MS)
    }
  }
}

/** @throws Error when a topic is there with another partition count: scopes would be elsewhere */
export const ensureTopics = async (client: KafkaClient, admin: Admin): Promise<void> => {
  const present = new Set(await admin.listTopics())
  const missing = TOPICS.filter((topic) => !present.has(client.nameOf(topic)))
  if (missing.length > 0)
    await admin.createTopics({
      topics: missing.map((topic) => topicConfig(client, topic)),
      waitForLeaders: false,
    })
  const { partitions } = client.options
  for (const { name, partitions: found } of await untilReady(admin, TOPICS.map(client.nameOf)))
    if (found.length !== partitions)
      throw new Error(
        `topic ${name} has ${found.length} partitions, not ${partitions}: ` +
          'the count cannot change once records are there',
      )
}
