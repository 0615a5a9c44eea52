// Imported history on its way into the facts: beside what the log gives, and as often as one likes.
import type { FactRow, Facts } from '../../domain/ports/facts.ts'
import type { TimeRange } from '../../domain/range.ts'
import type { TicketRecord } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import { tokenOf } from '../block.ts'
import { factsOf } from '../projection.ts'
import { migrateFacts } from '../schema.ts'
import type { FactSettings } from '../settings.ts'
import { IMPORT_PARTITION } from '../tables.ts'
import type { ImportedTransition } from './servicenow.ts'

interface KnownTransition extends ImportedTransition {
  readonly id: string
  /** All that a transition says, for telling whether it says something new. */
  readonly text: string
}

/** The columns that a newer row of the same id may change. */
const COLUMNS = ['version', 'action', 'from_state', 'to_state', 'fields'] as const

const sorted = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)))

const textOf = (row: FactRow): string =>
  JSON.stringify(
    COLUMNS.map((name) => (name === 'fields' ? sorted(row.fields as object) : row[name])),
  )

/** What earlier imports brought. Makes the tables where there are none yet. */
export const readImported = async (
  facts: Facts,
  settings: FactSettings,
): Promise<KnownTransition[]> => {
  await migrateFacts(facts, settings)
  const rows = await facts.query<FactRow & { ticket_id: string; at_ms: Millis; actor: string }>(
    `SELECT id, ticket_id, toUnixTimestamp64Milli(at) AS at_ms, actor, ${COLUMNS.join(', ')}
     FROM transitions FINAL WHERE log_partition = ${IMPORT_PARTITION}`,
  )
  return rows.map((row) => ({
    id: row.id as string,
    ticketId: row.ticket_id,
    at: row.at_ms,
    actor: row.actor,
    fields: row.fields as Record<string, string>,
    text: textOf(row),
  }))
}

/** From the first opening to just after the last update of all that was ever imported. */
export const importedRange = async (facts: Facts): Promise<TimeRange> => {
  const [range] = await facts.query<TimeRange>(
    `SELECT min(least(toUnixTimestamp64Milli(at), coalesce(toInt64OrNull(fields['openedAt']), toUnixTimestamp64Milli(at)))) AS \`from\`,
       max(toUnixTimestamp64Milli(at)) + 1 AS \`to\`
     FROM transitions WHERE log_partition = ${IMPORT_PARTITION}`,
  )
  return range ?? { from: 0, to: 1 }
}

const nextOffset = async (facts: Facts): Promise<number> => {
  const [row] = await facts.query<{ next: number }>(
    `SELECT max(log_offset) + 1 AS next FROM transitions WHERE log_partition = ${IMPORT_PARTITION}`,
  )
  return row?.next ?? 0
}

/**
 * Inserts what says something new; of two rows with one id the later insert holds.
 * @returns how many rows that was
 */
export const loadImported = async (
  facts: Facts,
  { blockRowsMax }: FactSettings,
  transitions: readonly TicketRecord[],
  known: readonly KnownTransition[],
): Promise<number> => {
  const before = new Map(known.map(({ id, text }) => [id, text]))
  const rows = transitions
    .flatMap((transition) => factsOf('tickets', IMPORT_PARTITION, transition))
    .map(({ row }) => row)
    .filter((row) => before.get(row.id as string) !== textOf(row))
  const first = await nextOffset(facts)
  const placed = rows.map((row, index) => ({
    log_partition: IMPORT_PARTITION,
    log_offset: first + index,
    log_index: 0,
    ...row,
  }))
  for (let from = 0; from < placed.length; from += blockRowsMax) {
    const block = placed.slice(from, from + blockRowsMax)
    await facts.insert('transitions', block, tokenOf('transitions', block))
  }
  return placed.length
}
