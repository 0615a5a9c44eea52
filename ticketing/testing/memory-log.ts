// A log in memory that keeps what is appended, for tests of what the desk publishes.
import type { Log, LogEntry, Topic } from '../../domain/ports/log.ts'
import { decodeRecord, type TopicRecord } from '../../domain/records.ts'

export const createMemoryLog = (partitions = 3) => {
  const kept = new Map<string, LogEntry[]>()
  const entries = (topic: Topic, partition: number): LogEntry[] => {
    const key = `${topic}/${partition}`
    const list = kept.get(key) ?? []
    kept.set(key, list)
    return list
  }
  let failure: Error | undefined
  const log: Pick<Log, 'partitions' | 'append'> = {
    partitions: async () => partitions,
    async append(topic, partition, added) {
      if (failure !== undefined) throw failure
      const list = entries(topic, partition)
      list.push(...added)
      return list.length - added.length
    },
  }
  return {
    log: log as Log,
    fail(error: Error | undefined) {
      failure = error
    },
    records: <T extends Topic>(topic: T, partition: number): TopicRecord[T][] =>
      entries(topic, partition).map(({ value }) => decodeRecord(topic, value)),
    all: <T extends Topic>(topic: T): TopicRecord[T][] =>
      Array.from({ length: partitions }, (_, partition) =>
        entries(topic, partition).map(({ value }) => decodeRecord(topic, value)),
      ).flat(),
  }
}
