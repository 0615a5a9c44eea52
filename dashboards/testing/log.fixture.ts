// Test support: records as the log would hand them to the loader.
import type { LogRecord, Topic } from '../../domain/ports/log.ts'
import { encodeRecord, type TopicRecord } from '../../domain/records.ts'

export const logOf = <T extends Topic>(
  topic: T,
  records: readonly TopicRecord[T][],
  partition = 0,
): LogRecord[] =>
  records.map((record, offset) => ({
    topic,
    partition,
    offset,
    appendedAt: 0,
    value: encodeRecord(topic, record),
    headers: {},
  }))
