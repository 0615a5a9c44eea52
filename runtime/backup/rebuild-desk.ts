// Makes the desk's store from a restored log, in the order in which things happened the first time.
import { createHash } from 'node:crypto'
import { asc, gt, inArray } from 'drizzle-orm'
import type { LogRecord, Topic } from '../../domain/ports/log.ts'
import {
  type DeadLetterRecord,
  decodeRecord,
  encodeRecord,
  partitionOfScope,
} from '../../domain/records.ts'
import type { Clock, Millis } from '../../domain/time.ts'
import { createDesk, DESK_TOPICS } from '../../ticketing/desk.ts'
import type { DeskTopic } from '../../ticketing/records.ts'
import type { DeskSettings } from '../../ticketing/settings.ts'
import type { DeskSql } from '../../ticketing/store/database.ts'
import { outbox } from '../../ticketing/store/schema.ts'
import { openPgliteDesk } from '../adapters/desk-pglite.ts'
import { openEmbeddedLog } from '../adapters/embedded-log/embedded-log.ts'
import { DEAD_LETTER_PARTITION, poisonLetter } from '../roles/consume.ts'
import { readInOrder, readPartition } from './log-files.ts'

/*
 * Left to itself an empty desk reads each topic for itself: an acknowledgement may then come before
 * its incident and be refused. Here all topics are read as one, by time. And what the desk decides
 * a second time was published the first time: a decision about membership that is told again
 * would be carried out again, so only what the log does not hold stays in the outbox.
 */

/** Where the desk's decisions go. */
const PUBLISHED_TOPICS = ['tickets', 'events', 'dead-letters'] as const satisfies Topic[]

/** Outbox rows looked at together. */
const ROWS_MAX = 500
/** Records applied between two looks at the outbox, so that it does not hold a whole history. */
const RECORDS_BETWEEN_LOOKS = 10_000

type OutboxRow = typeof outbox.$inferSelect

/** By its id, which is stable over replays; what has none is known by its text. */
const identityOf = (text: string): string => {
  const { id } = JSON.parse(text) as { id?: unknown }
  return typeof id === 'string' ? id : createHash('sha256').update(text).digest('base64')
}

/** The bulk of the events topic, which never comes from the desk, is told by its first bytes. */
const FROM_SENDERS = ['{"kind":"events"', '{"kind":"tick"'].map((text) => Buffer.from(text))
const isFromSender = ({ value }: LogRecord): boolean =>
  FROM_SENDERS.some((start) => start.equals(value.subarray(0, start.length)))

/** What one partition of the log holds of the desk's decisions. */
interface Published {
  readonly identities: ReadonlySet<string>
  /** What is older was published too, and has since been dropped by retention. */
  readonly keptSince: Millis
}

const readPublished = async (log: string, topic: Topic, index: number): Promise<Published> => {
  const identities = new Set<string>()
  let keptSince: Millis | undefined
  for await (const records of readPartition(log, topic, index)) {
    const first = records[0]!
    keptSince ??= first.offset === 0 ? 0 : first.appendedAt
    for (const record of records) {
      if (topic === 'events' && isFromSender(record)) continue
      try {
        identities.add(identityOf(Buffer.from(record.value).toString('utf8')))
      } catch {
        // A poison record is nothing that the desk wrote.
      }
    }
  }
  return { identities, keptSince: keptSince ?? 0 }
}

type PublishedTopics = ReadonlyMap<string, Published>

const openPublished = async (log: string, partitions: number): Promise<PublishedTopics> => {
  const published = new Map<string, Published>()
  for (const topic of PUBLISHED_TOPICS)
    for (let index = 0; index < partitions; index++)
      published.set(`${topic}-${index}`, await readPublished(log, topic, index))
  return published
}

/** Tells whether the log holds an outbox row in every partition that it goes to. */
const publishedIn =
  (published: PublishedTopics, partitions: number) =>
  ({ topic, key, record }: OutboxRow): boolean => {
    const identity = identityOf(record)
    const { at } = JSON.parse(record) as { at: Millis }
    const goesTo =
      key === null
        ? Array.from({ length: partitions }, (_, index) => index)
        : [partitionOfScope(key, partitions)]
    return goesTo.every((index) => {
      const { identities, keptSince } = published.get(`${topic}-${index}`)!
      return identities.has(identity) || at < keptSince
    })
  }

/** Looks at each outbox row once, and takes out what `isPublished`. */
const createPruning = (sql: DeskSql, isPublished: (row: OutboxRow) => boolean) => {
  let lookedAt = 0
  let kept = 0
  return {
    look: async (): Promise<void> => {
      for (;;) {
        const rows = await sql
          .select()
          .from(outbox)
          .where(gt(outbox.sequence, lookedAt))
          .orderBy(asc(outbox.sequence))
          .limit(ROWS_MAX)
        if (rows.length === 0) return
        lookedAt = rows.at(-1)!.sequence
        const known = rows.filter(isPublished).map(({ sequence }) => sequence)
        kept += rows.length - known.length
        if (known.length > 0) await sql.delete(outbox).where(inArray(outbox.sequence, known))
      }
    },
    kept: () => kept,
  }
}

type Readable = { readonly offset: number; readonly record: unknown }

/** What can be read; `poison` is told of the rest. */
const decoded = (records: readonly LogRecord[], poison: (letter: DeadLetterRecord) => void) =>
  records.flatMap((record): Readable[] => {
    try {
      return [{ offset: record.offset, record: decodeRecord(record.topic, record.value) }]
    } catch (error) {
      if (record.topic !== 'dead-letters')
        poison(poisonLetter(record, error as Error, record.appendedAt))
      return []
    }
  })

/** Poison that nobody had read yet, when the desk's store was lost. */
const appendLetters = async (
  { log: directory, partitions, clock }: RebuildOptions,
  letters: readonly DeadLetterRecord[],
): Promise<void> => {
  if (letters.length === 0) return
  const log = await openEmbeddedLog({ directory, partitions, clock })
  const entries = letters.map((letter) => ({ value: encodeRecord('dead-letters', letter) }))
  await log.append('dead-letters', DEAD_LETTER_PARTITION, entries)
  await log.close()
}

export interface RebuiltDesk {
  readonly records: number
  /** Decisions that the log lacks: published at the next start. */
  readonly unpublished: number
}

export interface RebuildOptions {
  /** Directory of a log that nobody uses. */
  readonly log: string
  /** Where the store is to be made. */
  readonly desk: string
  readonly partitions: number
  readonly clock: Clock
  /** Those that the desk ran with: they decide again. */
  readonly settings?: Partial<DeskSettings>
  progress?(text: string): void
}

export const rebuildDesk = async (options: RebuildOptions): Promise<RebuiltDesk> => {
  const { log, desk, partitions, settings = {}, progress = () => {} } = options
  const published = await openPublished(log, partitions)
  const letters: DeadLetterRecord[] = []
  const known = published.get(`dead-letters-${DEAD_LETTER_PARTITION}`)!.identities
  const poison = (letter: DeadLetterRecord): void => {
    if (!known.has(letter.id)) letters.push(letter)
  }
  const database = await openPgliteDesk({ directory: desk })
  try {
    const projection = createDesk({ database, settings })
    const pruning = createPruning(database.sql, publishedIn(published, partitions))
    let records = 0
    let unseen = 0
    for await (const run of readInOrder(log, DESK_TOPICS, partitions)) {
      const { topic, partition } = run[0]!
      const place = { topic: topic as DeskTopic, partition, next: run.at(-1)!.offset + 1 }
      await projection.apply(place, decoded(run, poison))
      records += run.length
      unseen += run.length
      if (unseen < RECORDS_BETWEEN_LOOKS) continue
      unseen = 0
      await pruning.look()
      progress(`rebuilding the desk: ${records} records`)
    }
    await pruning.look()
    await appendLetters(options, letters)
    return { records, unpublished: pruning.kept() }
  } finally {
    await database.close()
  }
}
