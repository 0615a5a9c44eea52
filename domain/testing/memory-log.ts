// A Log in memory, for tests of what appends to one; it has no subscriptions.
import {
  type Log,
  type LogEntry,
  type LogRecord,
  LogUnavailableError,
  type Topic,
} from '../ports/log.ts'
import { decodeRecord, type TopicRecord } from '../records.ts'

export interface MemoryLog extends Log {
  /** Everything in one topic, decoded, partition by partition. */
  records<T extends Topic>(topic: T): TopicRecord[T][]
  stored(topic: Topic, partition: number): readonly LogRecord[]
  /** While true every append is refused, as on a full disk. */
  unavailable: boolean
}

export const createMemoryLog = (partitions = 4): MemoryLog => {
  const kept = new Map<string, LogRecord[]>()
  const listOf = (topic: Topic, partition: number): LogRecord[] => {
    const key = `${topic}/${partition}`
    const list = kept.get(key) ?? []
    kept.set(key, list)
    return list
  }
  const log: MemoryLog = {
    unavailable: false,
    partitions: async () => partitions,
    append: async (topic: Topic, partition: number, entries: readonly LogEntry[]) => {
      if (log.unavailable) throw new LogUnavailableError('told to be unavailable')
      const list = listOf(topic, partition)
      const first = list.length
      for (const { value, headers = {} } of entries)
        list.push({ topic, partition, offset: list.length, appendedAt: 0, value, headers })
      return first
    },
    bounds: async (topic, partition) => ({ start: 0, end: listOf(topic, partition).length }),
    subscribe: () => Promise.reject(new Error('the memory log has no subscriptions')),
    losses: () => [],
    check: async () => {},
    close: async () => {},
    stored: listOf,
    records: <T extends Topic>(topic: T) =>
      Array.from({ length: partitions }, (_, partition) => listOf(topic, partition))
        .flat()
        .map(({ value }) => decodeRecord(topic, value)),
  }
  return log
}
