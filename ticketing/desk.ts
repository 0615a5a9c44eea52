// The service desk: a projection of the log, applied batch by batch with its log position.
import { and, eq } from 'drizzle-orm'
import type { Alert } from '../domain/alert.ts'
import { hash64 } from '../domain/hash.ts'
import type { Log } from '../domain/ports/log.ts'
import type { DeadLetterRecord } from '../domain/records.ts'
import { createGraph, type Graph } from './cis/graph.ts'
import { readTopology } from './cis/topology.ts'
import { type AppliedCommand, applyCommands } from './commands/apply.ts'
import { applyIncident, writeAlerts } from './incidents/correlation.ts'
import { publishOutbox } from './outbox.ts'
import { applyCandidate } from './problems/ticket.ts'
import { createQueries, type DeskQueries } from './queries.ts'
import { DESK_TOPICS, type DeskRecords, type DeskTopic, recordFault } from './records.ts'
import { DEFAULT_DESK_SETTINGS, type DeskSettings } from './settings.ts'
import { type DeskDatabase, type DeskSql, inChunks, storable } from './store/database.ts'
import { commandResults, deadLetters, positions } from './store/schema.ts'
import { inOneTransaction, type Work } from './work.ts'

export interface DeskPlace {
  readonly topic: DeskTopic
  readonly partition: number
  /** The offset to read after this batch. */
  readonly next: number
}

export interface DeskRecord {
  readonly offset: number
  readonly record: unknown
}

export interface Desk {
  /** From which offset to read. */
  position(topic: DeskTopic, partition: number): Promise<number>
  /**
   * Applies decoded records of one partition, in offset order, in one transaction with the
   * position; redelivered ones change nothing. Calls for one desk may overlap: the store orders them.
   * @returns records that could not be taken, for the dead letters; the rest was applied
   * @throws when the store is away: nothing was applied, try again
   */
  apply(place: DeskPlace, records: readonly DeskRecord[]): Promise<DeadLetterRecord[]>
  /** Brings what was decided to the log; see outbox.ts. */
  publishOutbox(log: Log): Promise<number>
  /** What is stored of an applied command. */
  result(commandId: string): Promise<AppliedCommand | undefined>
  /**
   * Called after each commit in this process, with the commands that it applied.
   * @returns how to stop listening
   */
  onApplied(listener: (commands: readonly AppliedCommand[]) => void): () => void
  readonly queries: DeskQueries
  check(): Promise<void>
}

type Fresh<T extends DeskTopic> = readonly { offset: number; record: DeskRecords[T] }[]

const applyIncidents = async (work: Work, records: Fresh<'incidents'>): Promise<[]> => {
  const alerts = new Map<string, Alert>()
  const outputs = records.flatMap(({ record }) => record.outputs)
  await work.incidents.load(
    outputs.flatMap((output) => (output.kind === 'incident' ? [output.incident.id] : [])),
  )
  for (const { offset, record } of records) {
    work.at(offset)
    for (const output of record.outputs) {
      if (output.kind === 'incident')
        await applyIncident(work, output.incident, output.entries, record.at)
      else if (output.kind === 'problem') await applyCandidate(work, output.problem, record.at)
      else if (output.alert.version > (alerts.get(output.alert.id)?.version ?? -1))
        alerts.set(output.alert.id, output.alert)
    }
  }
  await writeAlerts(work.sql, alerts.values())
  return []
}

const applyDeadLetters = async (work: Work, records: Fresh<'dead-letters'>): Promise<[]> => {
  const rows = records.map(({ record }) => {
    const { id, at, source, reason } = record
    return { id, at, source, reason, body: record }
  })
  await inChunks(rows, (chunk) => work.sql.insert(deadLetters).values(chunk).onConflictDoNothing())
  return []
}

const APPLIERS: {
  readonly [T in DeskTopic]: (work: Work, records: Fresh<T>) => Promise<AppliedCommand[]>
} = { incidents: applyIncidents, commands: applyCommands, 'dead-letters': applyDeadLetters }

const DATA_FAULT = /^(22|23|54)/

/** Is it the record that is wrong, so that trying again cannot help? Else the store is away. */
const isRecordsFault = (error: unknown): boolean => {
  if (error instanceof TypeError || error instanceof RangeError) return true
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  if (typeof code === 'string' && DATA_FAULT.test(code)) return true
  return cause instanceof Error && isRecordsFault(cause)
}

/** The graph is read again only when an import has moved its version. */
const createGraphCache = () => {
  let held: { version: number; graph: Graph } | undefined
  return {
    async load(tx: DeskSql, version: number): Promise<Graph> {
      if (held?.version !== version) held = { version, graph: createGraph(await readTopology(tx)) }
      return held.graph
    },
    forget() {
      held = undefined
    },
  }
}

export const createDesk = (options: {
  readonly database: DeskDatabase
  readonly settings?: Partial<DeskSettings>
}): Desk => {
  const { database } = options
  const settings: DeskSettings = { ...DEFAULT_DESK_SETTINGS, ...options.settings }
  const listeners = new Set<(commands: readonly AppliedCommand[]) => void>()
  const graphs = createGraphCache()

  const applyTogether = async (place: DeskPlace, records: readonly DeskRecord[]): Promise<void> => {
    const apply = APPLIERS[place.topic] as (work: Work, fresh: unknown) => Promise<AppliedCommand[]>
    let applied: AppliedCommand[] = []
    try {
      await inOneTransaction(
        database.sql,
        settings,
        graphs.load,
        place,
        records,
        async (work, fresh) => {
          applied = await apply(work, fresh.map(storable))
        },
      )
    } catch (error) {
      graphs.forget()
      throw error
    }
    for (const listener of listeners) listener(applied)
  }

  const letter = (place: DeskPlace, { offset, record }: DeskRecord, detail: string) =>
    refusedRecord(settings, place, offset, record, detail)

  /** After a batch failed by a record's fault: one by one, leaving out those that are at fault. */
  const applySingly = async (
    place: DeskPlace,
    records: readonly DeskRecord[],
  ): Promise<DeadLetterRecord[]> => {
    const refused: DeadLetterRecord[] = []
    for (const each of records) {
      const here = { ...place, next: each.offset + 1 }
      try {
        await applyTogether(here, [each])
      } catch (error) {
        if (!isRecordsFault(error)) throw error
        refused.push(letter(place, each, rootMessage(error)))
        await applyTogether(here, [])
      }
    }
    return refused
  }

  return {
    queries: createQueries(database.sql),
    async position(topic, partition) {
      const [row] = await database.sql
        .select()
        .from(positions)
        .where(and(eq(positions.topic, topic), eq(positions.partition, partition)))
      return row?.nextOffset ?? 0
    },
    async apply(place, records) {
      const sound: DeskRecord[] = []
      const refused: DeadLetterRecord[] = []
      for (const { offset, record } of records) {
        const fault = recordFault(place.topic, record)
        if (fault === undefined) sound.push({ offset, record })
        else refused.push(letter(place, { offset, record }, fault))
      }
      try {
        await applyTogether(place, sound)
      } catch (error) {
        if (!isRecordsFault(error)) throw error
        refused.push(...(await applySingly(place, sound)))
        await applyTogether(place, [])
      }
      return refused
    },
    publishOutbox: (log) => publishOutbox(database.sql, log),
    async result(commandId) {
      const [row] = await database.sql
        .select()
        .from(commandResults)
        .where(eq(commandResults.id, commandId))
      return row === undefined
        ? undefined
        : { id: row.id, digest: row.digest, outcome: row.outcome }
    },
    onApplied(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    check: () => database.check(),
  }
}

const rootMessage = (error: unknown): string => {
  const { cause, message } = error as Error
  return cause instanceof Error ? rootMessage(cause) : message
}

const refusedRecord = (
  settings: DeskSettings,
  { topic, partition }: DeskPlace,
  offset: number,
  record: unknown,
  detail: string,
): DeadLetterRecord => ({
  id: hash64(`desk ${topic} ${partition} ${offset}`),
  at: timeOf(record),
  source: 'ticketing',
  reason: 'poison-record',
  detail,
  payload: textOf(record).slice(0, settings.deadLetterPayloadMax),
  position: { topic, partition, offset },
})

/** A record nested too deep to be written down has no text. */
const textOf = (record: unknown): string => {
  try {
    return JSON.stringify(record) ?? ''
  } catch {
    return ''
  }
}

const timeOf = (record: unknown): number => {
  const at = (record as { at?: unknown } | null)?.at
  return Number.isSafeInteger(at) ? (at as number) : 0
}

export { DESK_TOPICS }
