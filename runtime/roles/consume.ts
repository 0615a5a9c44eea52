// How every stage reads its topics: decoded, in order, with poison records set aside.
import { hash64 } from '../../domain/hash.ts'
import type { Log, LogRecord, RunningSubscription, Topic } from '../../domain/ports/log.ts'
import { type DeadLetterRecord, decodeRecord, encodeRecord } from '../../domain/records.ts'
import type { RoleContext } from './role.ts'

export interface Decoded<R> {
  readonly topic: Topic
  readonly partition: number
  readonly offset: number
  readonly headers: Readonly<Record<string, string>>
  readonly record: R
}

export interface StageReader<R> {
  readonly group: string
  readonly topics: readonly Topic[]
  readonly recordsMax?: number
  assigned(topic: Topic, partition: number): Promise<number>
  revoked?(topic: Topic, partition: number): Promise<void>
  /** Records of one partition, in order. May be empty where all of a batch were poison. */
  apply(
    records: readonly Decoded<R>[],
    at: { readonly topic: Topic; readonly partition: number; readonly next: number },
  ): Promise<void>
}

/** Dead letters are few and only listed: one partition keeps them in order. */
export const DEAD_LETTER_PARTITION = 0

const PAYLOAD_CHARACTERS_MAX = 4_096

/** Named by its position: who finds it again names it alike. */
export const poisonLetter = (record: LogRecord, error: Error, at: number): DeadLetterRecord => {
  const { topic, partition, offset } = record
  return {
    id: hash64(`poison ${topic} ${partition} ${offset}`),
    at,
    source: 'log',
    reason: 'poison-record',
    detail: error.message,
    payload: Buffer.from(record.value).toString('latin1').slice(0, PAYLOAD_CHARACTERS_MAX),
    position: { topic, partition, offset },
  }
}

/** A record that cannot be read must not stop its partition: it is named in the dead letters. */
const setAside = async (log: Log, letters: readonly DeadLetterRecord[]): Promise<void> => {
  if (letters.length === 0) return
  const entries = letters.map((letter) => ({ value: encodeRecord('dead-letters', letter) }))
  await log.append('dead-letters', DEAD_LETTER_PARTITION, entries)
}

export const consume = <R>(
  { log, clock, metrics, logger, fail }: RoleContext,
  reader: StageReader<R>,
): Promise<RunningSubscription> => {
  /** Another object after each assignment: tells a batch that its partition went and came back. */
  const holds = new Map<string, object>()
  const placeOf = (topic: Topic, partition: number): string => `${topic} ${partition}`
  return log.subscribe({
    group: reader.group,
    topics: reader.topics,
    ...(reader.recordsMax === undefined ? {} : { recordsMax: reader.recordsMax }),
    assigned: async (topic, partition) => {
      const start = await reader.assigned(topic, partition)
      holds.set(placeOf(topic, partition), {})
      logger.info({ group: reader.group, topic, partition, start }, 'reading a partition')
      return start
    },
    revoked: async (topic, partition) => {
      logger.info({ group: reader.group, topic, partition }, 'no longer reading a partition')
      holds.delete(placeOf(topic, partition))
      await reader.revoked?.(topic, partition)
    },
    batch: async (records) => {
      const { topic, partition } = records[0]!
      const place = placeOf(topic, partition)
      const held = holds.get(place)
      const decoded: Decoded<R>[] = []
      const poison: DeadLetterRecord[] = []
      for (const record of records) {
        try {
          const value = decodeRecord(topic, record.value) as R
          decoded.push({
            topic,
            partition,
            offset: record.offset,
            headers: record.headers,
            record: value,
          })
        } catch (error) {
          // A dead letter that is itself poison would breed another without end.
          if (topic !== 'dead-letters')
            poison.push(poisonLetter(record, error as Error, clock.now()))
          metrics.poison.inc({ group: reader.group, topic })
          logger.error({ err: error, topic, partition, offset: record.offset }, 'poison record')
        }
      }
      await setAside(log, poison)
      // Meanwhile it may have been given to another, and even back: what state there is now reads
      // the log from a place of its own.
      if (held === undefined || holds.get(place) !== held) return
      await reader.apply(decoded, { topic, partition, next: records.at(-1)!.offset + 1 })
    },
    failed: (error) => fail(`reading as ${reader.group}`, error),
  })
}
