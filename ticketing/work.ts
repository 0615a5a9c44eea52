// One unit of work: a batch of one partition applied in one SQL transaction with its position.
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type {
  ChangeRecord,
  DeadLetterRecord,
  HeartbeatRecord,
  MembershipRecord,
  MuteRecord,
  TicketRecord,
  TopologyRecord,
} from '../domain/records.ts'
import type { AuditEntry } from './audit.ts'
import { appendAudit } from './audit.ts'
import type { Graph } from './cis/graph.ts'
import type { Catalogue } from './requests/catalogue.ts'
import type { DeskSettings } from './settings.ts'
import type { SlaBook } from './sla/policies.ts'
import { type DeskSql, insertRows } from './store/database.ts'
import type { CachedRows, RowCache } from './store/row-cache.ts'
import { createRows, type Rows } from './store/rows.ts'
import {
  type ChangeRow,
  changes,
  counters,
  type HeartbeatRow,
  heartbeats,
  type IncidentRow,
  incidents,
  type MaintenanceWindowRow,
  maintenanceWindows,
  outbox,
  type ProblemRow,
  type ProcessRow,
  positions,
  problems,
  processes,
  type RequestRow,
  requests,
  type SilenceRow,
  type SlaClockRow,
  silences,
  slaClocks,
  type TaskRow,
  type TimelineRow,
  tasks,
  timeline,
} from './store/schema.ts'

export interface Work {
  readonly sql: DeskSql
  readonly settings: DeskSettings
  readonly sla: SlaBook
  readonly catalogue: Catalogue
  readonly incidents: Rows<IncidentRow>
  readonly problems: Rows<ProblemRow>
  readonly changes: Rows<ChangeRow>
  readonly windows: Rows<MaintenanceWindowRow>
  readonly silences: Rows<SilenceRow>
  readonly requests: Rows<RequestRow>
  readonly processes: Rows<ProcessRow>
  readonly tasks: Rows<TaskRow>
  readonly clocks: Rows<SlaClockRow>
  readonly heartbeats: Rows<HeartbeatRow>
  /** The CI graph as it is now. */
  graph(): Promise<Graph>
  /** The next value of a named counter, from 1. */
  next(counter: string): number
  /** Timeline entries written twice (same id) are kept once. */
  tell(entry: Omit<TimelineRow, 'ordinal'>): void
  /** To the `tickets` topic. */
  announce(record: TicketRecord): void
  /** To the `events` topic, in the scope's partition: the correlator owns membership. */
  decide(scope: string, record: MembershipRecord | HeartbeatRecord): void
  /** To every partition of the `events` topic. */
  broadcast(record: TopologyRecord | ChangeRecord | MuteRecord): void
  audit(entry: AuditEntry): void
  /** To the dead letters: a record that could not be taken. */
  setAside(letter: DeadLetterRecord): void
  /** Position in the log of the record at hand: orders what shares one instant. */
  at(offset: number): void
}

export interface Place {
  readonly topic: string
  readonly partition: number
  /** The position to move to. */
  readonly next: number
}

/** Timeline entries that one record may cause before their order within it is lost. */
const ORDINALS_PER_RECORD = 10_000

/** Counters as they are, their rows locked: one unit of work at a time, so changes have an order. */
const lockCounters = async (tx: DeskSql): Promise<Map<string, number>> => {
  await tx.select().from(counters).where(eq(counters.name, 'change')).for('update')
  const rows = await tx.select().from(counters)
  return new Map(rows.map((row) => [row.name, row.value]))
}

const readPosition = async (tx: DeskSql, { topic, partition }: Place): Promise<number> => {
  const [row] = await tx
    .select()
    .from(positions)
    .where(and(eq(positions.topic, topic), eq(positions.partition, partition)))
  return row?.nextOffset ?? 0
}

const writePosition = (tx: DeskSql, { topic, partition }: Place, nextOffset: number) =>
  tx
    .insert(positions)
    .values({ topic, partition, nextOffset })
    .onConflictDoUpdate({
      target: [positions.topic, positions.partition],
      set: { nextOffset },
    })

/** @param stamp the row as it is to be written */
const tableRows = <T extends PgTable & { readonly id: PgColumn }>(
  tx: DeskSql,
  table: T,
  stamp: (row: T['$inferSelect']) => T['$inferSelect'] = (row) => row,
  cached?: CachedRows<T['$inferSelect'] & { readonly id: string }>,
): Rows<T['$inferSelect'] & { readonly id: string }> => {
  type Row = T['$inferSelect'] & { id: string }
  return createRows<Row>(
    {
      select: async (ids) =>
        (await tx
          .select()
          .from(table as PgTable)
          .where(inArray(table.id, ids))) as Row[],
      upsert: async (rows) => {
        const written = rows.map(stamp) as Row[]
        await insertRows(tx, table, written, { replaceBy: table.id })
        return written
      },
    },
    cached,
  )
}

type OutboxEntry = Omit<typeof outbox.$inferSelect, 'sequence' | 'record'> & { record: object }

/** What every unit of work of one desk shares. */
export interface Workshop {
  readonly settings: DeskSettings
  readonly sla: SlaBook
  readonly catalogue: Catalogue
  loadGraph(tx: DeskSql, version: number): Promise<Graph>
  /** What nearly every batch of the correlator's asks for again. */
  readonly known: {
    readonly incidents: RowCache<IncidentRow>
    readonly clocks: RowCache<SlaClockRow>
  }
}

const changeOf = (values: ReadonlyMap<string, number>): number => values.get('change') ?? 0

const openWork = (
  tx: DeskSql,
  { settings, sla, catalogue, loadGraph, known }: Workshop,
  values: Map<string, number>,
): { work: Work; flush(): Promise<void> } => {
  const before = new Map(values)
  const told: TimelineRow[] = []
  const outgoing: OutboxEntry[] = []
  const audited: AuditEntry[] = []
  let ordinal = 0
  const next = (counter: string): number => {
    const value = (values.get(counter) ?? 0) + 1
    values.set(counter, value)
    return value
  }
  const stamp = <Row extends { change: number }>(row: Row): Row => ({
    ...row,
    change: next('change'),
  })
  const work: Work = {
    sql: tx,
    settings,
    sla,
    catalogue,
    incidents: tableRows(tx, incidents, stamp, known.incidents.at(changeOf(before))),
    problems: tableRows(tx, problems, stamp),
    changes: tableRows(tx, changes, stamp),
    windows: tableRows(tx, maintenanceWindows),
    silences: tableRows(tx, silences),
    requests: tableRows(tx, requests, stamp),
    processes: tableRows(tx, processes),
    tasks: tableRows(tx, tasks),
    clocks: tableRows(tx, slaClocks, undefined, known.clocks.at(changeOf(before))),
    heartbeats: tableRows(tx, heartbeats, (row) =>
      row.change === 0 ? { ...row, change: next('heartbeat') } : row,
    ),
    graph: () => loadGraph(tx, values.get('topology') ?? 0),
    next,
    tell: (entry) => told.push({ ...entry, ordinal: ordinal++ }),
    announce: (record) => outgoing.push({ topic: 'tickets', key: record.ticketId, record }),
    decide: (scope, record) => outgoing.push({ topic: 'events', key: scope, record }),
    broadcast: (record) => outgoing.push({ topic: 'events', key: null, record }),
    audit: (entry) => audited.push(entry),
    setAside: (letter) =>
      outgoing.push({ topic: 'dead-letters', key: letter.source, record: letter }),
    at: (offset) => {
      ordinal = offset * ORDINALS_PER_RECORD
    },
  }
  const flush = async (): Promise<void> => {
    const { incidents, problems, changes, requests, processes, windows, tasks, clocks } = work
    await work.heartbeats.flush()
    await work.silences.flush()
    const touched = [incidents, problems, changes, requests, processes, windows, tasks]
    for (const rows of touched) await rows.flush()
    // Clocks have no number of their own, and other processes are to see that they have changed.
    if (await clocks.flush()) next('change')
    await insertRows(tx, timeline, told, 'keep')
    await insertRows(
      tx,
      outbox,
      outgoing.map(({ record, ...entry }) => ({
        ...entry,
        sequence: next('outbox'),
        record: JSON.stringify(record),
      })),
    )
    await appendAudit(tx, audited, next)
    const moved = [...values].filter(([name, value]) => before.get(name) !== value)
    if (moved.length > 0)
      await tx
        .insert(counters)
        .values(moved.map(([name, value]) => ({ name, value })))
        .onConflictDoUpdate({ target: counters.name, set: { value: sql.raw('excluded.value') } })
  }
  return { work, flush }
}

/**
 * Moves the position of one partition forward with what lies between: all of it or nothing.
 * @param apply told the position: what lies before it was applied already
 */
export const inOneTransaction = async (
  database: DeskSql,
  workshop: Workshop,
  place: Place,
  apply: (work: Work, position: number) => Promise<void>,
): Promise<void> => {
  const { incidents, clocks } = workshop.known
  const done = await database.transaction(async (tx) => {
    const values = await lockCounters(tx)
    const from = changeOf(values)
    const position = await readPosition(tx, place)
    if (place.next <= position) return
    const { work, flush } = openWork(tx, workshop, values)
    await apply(work, position)
    await flush()
    await writePosition(tx, place, place.next)
    return { work, from, to: changeOf(values) }
  })
  if (done === undefined) return
  incidents.committed(done.from, done.to, done.work.incidents.known())
  clocks.committed(done.from, done.to, done.work.clocks.known())
}
