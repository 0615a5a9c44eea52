// Applies the log to the desk's store: batch by batch, each in one transaction with its position.
import { and, eq } from 'drizzle-orm'
import type { Alert } from '../domain/alert.ts'
import { hash64 } from '../domain/hash.ts'
import type { DeadLetterRecord } from '../domain/records.ts'
import { createGraph, type Graph } from './cis/graph.ts'
import { readTopology } from './cis/topology.ts'
import { type AppliedCommand, applyCommands } from './commands/apply.ts'
import { applyHeartbeats } from './heartbeats/correlation.ts'
import { applyIncident, writeAlerts } from './incidents/correlation.ts'
import { applyCandidate } from './problems/ticket.ts'
import { type DeskRecords, type DeskTopic, recordFault } from './records.ts'
import type { Catalogue } from './requests/catalogue.ts'
import type { DeskSettings } from './settings.ts'
import { createSlaBook } from './sla/policies.ts'
import { clockIds } from './sla/ticket.ts'
import { type DeskSql, insertRows, storable } from './store/database.ts'
import { createRowCache } from './store/row-cache.ts'
import { deadLetters, type IncidentRow, positions, type SlaClockRow } from './store/schema.ts'
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

export interface Projection {
  /** From which offset to read. */
  position(topic: DeskTopic, partition: number): Promise<number>
  /**
   * Applies decoded records of one partition, in offset order, in one transaction with the
   * position; redelivered ones change nothing. Calls may overlap: the store orders them.
   * @returns letters about records that could not be taken, for metrics and logs: they are on
   *   their way to the dead letters by the outbox. The rest was applied
   * @throws when the store is away: nothing was applied, try again
   */
  apply(place: DeskPlace, records: readonly DeskRecord[]): Promise<DeadLetterRecord[]>
}

type Fresh<T extends DeskTopic> = readonly { offset: number; record: DeskRecords[T] }[]

const applyIncidents = async (work: Work, records: Fresh<'incidents'>): Promise<[]> => {
  const alerts = new Map<string, Alert>()
  const outputs = records.flatMap(({ record }) => record.outputs)
  const ids = outputs.flatMap((each) => (each.kind === 'incident' ? [each.incident.id] : []))
  await work.incidents.load(ids)
  await work.clocks.load(ids.flatMap(clockIds))
  for (const { offset, record } of records) {
    work.at(offset)
    for (const output of record.outputs) {
      if (output.kind === 'incident')
        await applyIncident(work, output.incident, output.entries, record.at)
      else if (output.kind === 'problem') await applyCandidate(work, output.problem, record.at)
      else if (
        output.kind === 'alert' &&
        output.alert.version > (alerts.get(output.alert.id)?.version ?? -1)
      )
        alerts.set(output.alert.id, output.alert)
    }
  }
  await writeAlerts(work.sql, alerts.values())
  await applyHeartbeats(
    work,
    outputs.filter((output) => output.kind === 'heartbeat'),
  )
  return []
}

const applyDeadLetters = async (work: Work, records: Fresh<'dead-letters'>): Promise<[]> => {
  const rows = records.map(({ record }) => {
    const { id, at, source, reason } = record
    return { id, at, source, reason, body: record }
  })
  await insertRows(work.sql, deadLetters, rows, 'keep')
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

/** A record, and why it cannot be taken where it cannot. */
interface Examined {
  readonly each: DeskRecord
  readonly letter?: DeadLetterRecord
}

export const createProjection = (
  database: DeskSql,
  settings: DeskSettings,
  catalogue: Catalogue,
  committed: (commands: readonly AppliedCommand[]) => void,
): Projection => {
  const graphs = createGraphCache()
  const workshop = {
    settings,
    sla: createSlaBook(settings),
    catalogue,
    loadGraph: graphs.load,
    known: { incidents: createRowCache<IncidentRow>(), clocks: createRowCache<SlaClockRow>() },
  }

  /** The sound records and the letters about the others, all in one transaction. */
  const applyTogether = async (place: DeskPlace, examined: readonly Examined[]): Promise<void> => {
    const apply = APPLIERS[place.topic] as (work: Work, fresh: unknown) => Promise<AppliedCommand[]>
    let applied: AppliedCommand[] = []
    const applyFresh = async (work: Work, position: number): Promise<void> => {
      const fresh = examined.filter(({ each }) => each.offset >= position)
      const sound = fresh.flatMap(({ each, letter }) => (letter ? [] : [storable(each)]))
      if (sound.length > 0) applied = await apply(work, sound)
      // A letter about a letter that cannot be taken would breed another without end.
      if (place.topic === 'dead-letters') return
      for (const { letter } of fresh) if (letter !== undefined) work.setAside(letter)
    }
    try {
      await inOneTransaction(database, workshop, place, applyFresh)
    } catch (error) {
      graphs.forget()
      workshop.known.incidents.forget()
      workshop.known.clocks.forget()
      throw error
    }
    committed(applied)
  }

  /** After a batch failed by a record's fault: one by one, setting aside those at fault. */
  const applySingly = async (
    place: DeskPlace,
    examined: readonly Examined[],
  ): Promise<DeadLetterRecord[]> => {
    const refused: DeadLetterRecord[] = []
    for (const { each, letter } of examined) {
      const here = { ...place, next: each.offset + 1 }
      let refusal = letter
      try {
        await applyTogether(here, letter === undefined ? [{ each }] : [{ each, letter }])
      } catch (error) {
        if (!isRecordsFault(error)) throw error
        refusal = letterAbout(settings, place, each, rootMessage(error))
        await applyTogether(here, [{ each, letter: refusal }])
      }
      if (refusal !== undefined) refused.push(refusal)
    }
    await applyTogether(place, [])
    return refused
  }

  return {
    async position(topic, partition) {
      const [row] = await database
        .select()
        .from(positions)
        .where(and(eq(positions.topic, topic), eq(positions.partition, partition)))
      return row?.nextOffset ?? 0
    },
    async apply(place, records) {
      const examined = records.map((each): Examined => {
        const fault = recordFault(place.topic, each.record)
        if (fault === undefined) return { each }
        return { each, letter: letterAbout(settings, place, each, fault) }
      })
      try {
        await applyTogether(place, examined)
      } catch (error) {
        if (!isRecordsFault(error)) throw error
        return applySingly(place, examined)
      }
      return examined.flatMap(({ letter }) => letter ?? [])
    },
  }
}

/** What the store said, beneath what wraps it. */
const rootMessage = (error: unknown): string => {
  const { cause, message } = error as Error
  return cause instanceof Error ? rootMessage(cause) : message
}

const letterAbout = (
  settings: DeskSettings,
  { topic, partition }: DeskPlace,
  { offset, record }: DeskRecord,
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
