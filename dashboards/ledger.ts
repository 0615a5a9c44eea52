// How far the log has been loaded: read from the tables themselves, with a noted floor to start at.
import type { Facts } from '../domain/ports/facts.ts'
import type { Topic } from '../domain/ports/log.ts'
import type { RowPosition } from './block.ts'
import { type FactTableName, tablesOfTopic } from './tables.ts'

export interface Progress {
  /** Every row of every record before this offset is in. */
  readonly next: number
  /** The newest row that each table has beyond it: what must not be inserted again. */
  readonly present: ReadonlyMap<FactTableName, RowPosition>
}

const newestRow = async (
  facts: Facts,
  table: FactTableName,
  partition: number,
  from: number,
): Promise<RowPosition | undefined> => {
  const [row] = await facts.query<{ offset: number; index: number }>(
    `SELECT log_offset AS offset, log_index AS index FROM ${table}
     WHERE log_partition = {partition:UInt16} AND log_offset >= {from:UInt64}
     ORDER BY log_offset DESC, log_index DESC LIMIT 1`,
    { partition, from },
  )
  return row === undefined ? undefined : { partition, ...row }
}

export const readProgress = async (
  facts: Facts,
  topic: Topic,
  partition: number,
): Promise<Progress> => {
  const [noted] = await facts.query<{ next: number }>(
    `SELECT max(next_offset) AS next FROM loads
     WHERE topic = {topic:String} AND log_partition = {partition:UInt16}`,
    { topic, partition },
  )
  const next = noted?.next ?? 0
  const present = new Map<FactTableName, RowPosition>()
  for (const table of tablesOfTopic(topic)) {
    const position = await newestRow(facts, table, partition, next)
    if (position !== undefined) present.set(table, position)
  }
  return { next, present }
}

/** @returns true, so that a caller can tell it from having been stopped */
export const noteProgress = async (
  facts: Facts,
  readings: readonly { topic: Topic; partition: number; next: number }[],
): Promise<true> => {
  const rows = readings.map(({ topic, partition, next }) => ({
    topic,
    log_partition: partition,
    next_offset: next,
  }))
  const token = rows.map((row) => `${row.topic}/${row.log_partition}:${row.next_offset}`).join(',')
  await facts.insert('loads', rows, `loads/${token}`)
  return true
}
