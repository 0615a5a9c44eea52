// The fact tables as DDL, and bringing a database to it.
import type { Facts } from '../domain/ports/facts.ts'
import type { FactSettings } from './settings.ts'
import {
  FACT_TABLE_NAMES,
  FACT_TABLES,
  type FactTable,
  type FactTableName,
  IMPORT_PARTITION,
} from './tables.ts'
import { viewsOf } from './views.ts'

/** Blocks whose tokens a table remembers: far more than can be in doubt at once. */
const DEDUPLICATION_WINDOW_BLOCKS = 1_000

/** How far the log is read, per partition; `next_offset` is safe to start from. */
const LEDGER = `CREATE TABLE IF NOT EXISTS loads (
  topic LowCardinality(String), log_partition UInt16, next_offset UInt64
) ENGINE = ReplacingMergeTree(next_offset) ORDER BY (topic, log_partition)
SETTINGS non_replicated_deduplication_window = ${DEDUPLICATION_WINDOW_BLOCKS}, fsync_after_insert = 1`

/** Undefined where facts are kept for ever. Imported history is kept, however old it is. */
const ttlOf = (table: FactTable, settings: FactSettings): string | undefined => {
  const days = settings.retentionDays[table.retention]
  if (days === 0) return undefined
  const kept = table.topic === 'tickets' ? ` WHERE log_partition != ${IMPORT_PARTITION}` : ''
  return `TTL toDateTime(${table.at}) + toIntervalDay(${days})${kept}`
}

const columnsOf = ({ columns, derived = {} }: FactTable): string[] => [
  ...Object.entries(columns).map(([name, type]) => `${name} ${type}`),
  ...Object.entries(derived).map(
    ([name, { type, from }]) => `${name} ${type} MATERIALIZED ${from}`,
  ),
]

/**
 * Replacing engines throughout: a row that slips in twice is one row again after the next merge.
 * Everything outside the daily tables lies in one part per insert, so an insert is atomic.
 */
const createTable = (name: string, table: FactTable, settings: FactSettings): string =>
  [
    `CREATE TABLE IF NOT EXISTS ${name} (`,
    columnsOf(table).join(',\n'),
    `) ENGINE = ReplacingMergeTree(${table.version ?? ''})`,
    table.daily ? `PARTITION BY toYYYYMMDD(${table.at})` : undefined,
    `ORDER BY (${table.key.join(', ')})`,
    ttlOf(table, settings),
    `SETTINGS non_replicated_deduplication_window = ${DEDUPLICATION_WINDOW_BLOCKS},`,
    `  fsync_after_insert = 1${table.daily ? ', ttl_only_drop_parts = 1' : ''}`,
  ]
    .filter((line) => line !== undefined)
    .join('\n')

/**
 * The schema only grows: a column added above appears in tables that an older version made. Rows
 * that are there already have a derived one worked out at each query, until they are merged.
 */
const addColumns = (name: string, table: FactTable): string => {
  const additions = columnsOf(table).map((column) => `ADD COLUMN IF NOT EXISTS ${column}`)
  return `ALTER TABLE ${name} ${additions.join(', ')}`
}

const createView = (name: string, sql: string): string => `CREATE OR REPLACE VIEW ${name} AS ${sql}`

/** Every statement may run again at each start, by an older or a newer version alike. */
export const schemaStatements = (settings: FactSettings): string[] => [
  LEDGER,
  ...FACT_TABLE_NAMES.map((name) => createTable(name, FACT_TABLES[name], settings)),
  ...FACT_TABLE_NAMES.map((name) => addColumns(name, FACT_TABLES[name])),
  ...viewsOf(settings).map(([name, sql]) => createView(name, sql)),
]

/** Changing a TTL rewrites the table, so only where it differs from the settings. */
const applyRetention = async (facts: Facts, settings: FactSettings): Promise<void> => {
  const found = await facts.query<{ name: FactTableName; definition: string }>(
    `SELECT name, engine_full AS definition FROM system.tables
     WHERE database = currentDatabase() AND name IN {names:Array(String)}`,
    { names: FACT_TABLE_NAMES },
  )
  for (const { name, definition } of found) {
    const ttl = ttlOf(FACT_TABLES[name], settings)
    if (ttl === undefined) {
      if (definition.includes(' TTL ')) await facts.command(`ALTER TABLE ${name} REMOVE TTL`)
    } else if (!definition.includes(ttl)) await facts.command(`ALTER TABLE ${name} MODIFY ${ttl}`)
  }
}

/** Makes or extends the tables, views and retention. Safe to run at every start. */
export const migrateFacts = async (facts: Facts, settings: FactSettings): Promise<void> => {
  for (const statement of schemaStatements(settings)) await facts.command(statement)
  await applyRetention(facts, settings)
}
