// What must be true of the facts after chaos: the tables hold what the log says, row by row.
import { factsOf } from '../../dashboards/projection.ts'
import {
  FACT_TABLE_NAMES,
  FACT_TABLES,
  type FactTable,
  type FactTableName,
} from '../../dashboards/tables.ts'
import type { FactRow, Facts } from '../../domain/ports/facts.ts'
import type { LogRecord } from '../../domain/ports/log.ts'
import { decodeRecord } from '../../domain/records.ts'

/** Columns whose values read alike on both sides; where a row was told twice, its place may differ. */
const PLAIN = /^(String|LowCardinality\(String\)|UInt\d+|Bool)$/
const PLACE = /^log_/

const comparedOf = ({ columns, key }: FactTable): string[] =>
  Object.entries(columns)
    .filter(([name, type]) => key.includes(name) || (PLAIN.test(type) && !PLACE.test(name)))
    .map(([name]) => name)

interface Rows {
  readonly compared: readonly string[]
  readonly byKey: Map<string, FactRow>
}

const textOf = (compared: readonly string[], row: FactRow): string =>
  JSON.stringify(compared.map((name) => row[name]))

/** The newest row of every key, as the projection makes them of the records. */
const expected = (records: readonly LogRecord[]): Map<FactTableName, Rows> => {
  const tables = new Map<FactTableName, Rows>(
    FACT_TABLE_NAMES.map((name) => [
      name,
      { compared: comparedOf(FACT_TABLES[name]), byKey: new Map() },
    ]),
  )
  for (const { topic, partition, offset, value } of records) {
    let facts: ReturnType<typeof factsOf>
    try {
      facts = factsOf(topic, partition, decodeRecord(topic, value))
    } catch {
      continue // poison: no fact
    }
    for (const [index, { table, row }] of facts.entries()) {
      const { key, version }: FactTable = FACT_TABLES[table]
      const placed: FactRow = {
        log_partition: partition,
        log_offset: offset,
        log_index: index,
        ...row,
      }
      const name = JSON.stringify(key.map((column) => placed[column]))
      const { byKey } = tables.get(table)!
      const known = byKey.get(name)
      if (known === undefined || (version !== undefined && newer(placed, known, version)))
        byKey.set(name, placed)
    }
  }
  return tables
}

const newer = (row: FactRow, known: FactRow, version: string): boolean =>
  (row[version] as number) > (known[version] as number)

const SHOWN_MAX = 3

const tableViolations = async (
  facts: Facts,
  table: FactTableName,
  { compared, byKey }: Rows,
): Promise<string[]> => {
  const stored = await facts.query<FactRow>(`SELECT ${compared.join(', ')} FROM ${table} FINAL`)
  const is = new Set(stored.map((row) => textOf(compared, row)))
  const wanted = new Set([...byKey.values()].map((row) => textOf(compared, row)))
  const lacking = [...wanted].filter((text) => !is.has(text))
  const invented = [...is].filter((text) => !wanted.has(text))
  const tell = (what: string, texts: readonly string[]): string[] =>
    texts.length === 0
      ? []
      : [`facts: ${table} ${what} ${texts.length} rows: ${texts.slice(0, SHOWN_MAX).join(' ')}`]
  return [
    ...tell('lacks', lacking),
    ...tell('has beside the log', invented),
    ...(stored.length === is.size
      ? []
      : [`facts: ${table} counts ${stored.length - is.size} twice`]),
  ]
}

/** @param records of every topic that facts are made of */
export const factViolations = async (
  facts: Facts,
  records: readonly LogRecord[],
): Promise<string[]> => {
  const found: string[] = []
  for (const [table, rows] of expected(records))
    found.push(...(await tableViolations(facts, table, rows)))
  return found
}
