// Loads log records into the fact tables, exactly once in effect, with the tables as their own ledger.
import type { Facts } from '../domain/ports/facts.ts'
import type { LogRecord, Topic } from '../domain/ports/log.ts'
import { decodeRecord } from '../domain/records.ts'
import type { Clock, Millis } from '../domain/time.ts'
import { addRow, type Block, fits, isAfter, openBlock, type RowPosition } from './block.ts'
import { noteProgress, readProgress } from './ledger.ts'
import { type Fact, factsOf } from './projection.ts'
import { migrateFacts } from './schema.ts'
import { createSender, type FactMetrics } from './sender.ts'
import type { FactSettings } from './settings.ts'
import type { FactTableName } from './tables.ts'

export interface FactLoader {
  /**
   * Makes the tables at first, and reads where loading stopped; waits for an engine that is away.
   * @returns the offset to read
   */
  start(topic: Topic, partition: number): Promise<number>
  /** Takes the records of one partition; waits while the engine is away, and so the log waits. */
  load(records: readonly LogRecord[]): Promise<void>
  /** The partition belongs to another: what it has pending is sent first, if that works at once. */
  release(topic: Topic, partition: number): Promise<void>
  /** Sends what has waited long enough. To be called about once a second. */
  flush(now: Millis): Promise<void>
  /** Lets every waiting call return, and tries once more to send what is pending. */
  close(): Promise<void>
}

export interface FactLoaderParts {
  readonly facts: Facts
  readonly settings: FactSettings
  readonly clock: Clock
  readonly metrics: FactMetrics
  /** Resolves after so many ms: the only way this stage can wait. */
  readonly pause: (ms: number) => Promise<void>
}

interface Reading {
  readonly topic: Topic
  readonly partition: number
  /** Offset after the last record taken. */
  next: number
  /** What the ledger says. */
  noted: number
  /** The newest row of this partition that each table had at the start. */
  readonly present: ReadonlyMap<FactTableName, RowPosition>
}

const nameOf = (topic: Topic, partition: number): string => `${topic}/${partition}`

/** One call at a time: blocks leave in log order. */
const createTurns = () => {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work)
    last = mine
    return mine
  }
}

/**
 * A crash loses what was not inserted and nothing else: the next start asks each table for its
 * newest row and skips what is there. An insert with unknown outcome is repeated under its token,
 * which the table remembers.
 */
export const createFactLoader = (parts: FactLoaderParts): FactLoader => {
  const { facts, settings, clock, metrics } = parts
  const readings = new Map<string, Reading>()
  const blocks = new Map<FactTableName, Block>()
  const sender = createSender(parts)
  const inTurn = createTurns()
  let notedAt: Millis = clock.now()
  let migrated = false

  const send = async (block: Block): Promise<void> => {
    if (await sender.send(block)) blocks.delete(block.table)
  }

  const sendAll = async (isDue: (block: Block) => boolean): Promise<void> => {
    for (const block of [...blocks.values()]) if (isDue(block)) await send(block)
  }

  const add = async ({ table, row }: Fact, position: RowPosition): Promise<void> => {
    const { partition, offset, index } = position
    const placed = { log_partition: partition, log_offset: offset, log_index: index, ...row }
    const waiting = blocks.get(table)
    if (waiting !== undefined && !fits(waiting, placed, settings.blockRowsMax)) await send(waiting)
    if (sender.stopped()) return
    const block = blocks.get(table) ?? openBlock(table, placed, clock.now())
    blocks.set(table, block)
    addRow(block, placed)
  }

  const projected = ({ topic, partition, value }: LogRecord): Fact[] => {
    try {
      return factsOf(topic, partition, decodeRecord(topic, value))
    } catch {
      // The stage that owns the topic has dead-lettered it with its reason; here it is counted.
      metrics.poisonRecord(topic)
      return []
    }
  }

  const take = async (reading: Reading, record: LogRecord): Promise<void> => {
    const { partition, offset } = record
    for (const [index, fact] of projected(record).entries()) {
      const position = { partition, offset, index }
      if (isAfter(position, reading.present.get(fact.table))) await add(fact, position)
      if (sender.stopped()) return
    }
    reading.next = offset + 1
  }

  const note = async (now: Millis): Promise<void> => {
    notedAt = now
    const ahead = [...readings.values()].filter(({ next, noted }) => next > noted)
    if (ahead.length === 0 || !(await sender.persist(() => noteProgress(facts, ahead)))) return
    for (const reading of ahead) reading.noted = reading.next
  }

  return {
    start: (topic, partition) =>
      inTurn(async () => {
        const progress = await sender.persist(async () => {
          if (!migrated) await migrateFacts(facts, settings)
          migrated = true
          return readProgress(facts, topic, partition)
        })
        if (progress === undefined) throw new Error('the fact loader is closed')
        const { next, present } = progress
        readings.set(nameOf(topic, partition), { topic, partition, next, noted: next, present })
        return next
      }),
    load: (records) =>
      inTurn(async () => {
        for (const record of records) {
          const reading = readings.get(nameOf(record.topic, record.partition))
          if (reading === undefined) throw new Error('records of a partition that was not started')
          await take(reading, record)
          if (sender.stopped()) return
        }
      }),
    release: (topic, partition) =>
      inTurn(async () => {
        await sendAll(() => true)
        readings.delete(nameOf(topic, partition))
      }),
    flush: (now) =>
      inTurn(async () => {
        const noting = now - notedAt >= settings.ledgerEveryMs
        await sendAll((block) => noting || now - block.since >= settings.blockAgeMaxMs)
        if (noting && !sender.stopped()) await note(now)
      }),
    async close() {
      sender.stop()
      await inTurn(async () => {
        await sendAll(() => true)
        if (blocks.size === 0) await note(clock.now())
      })
    },
  }
}
