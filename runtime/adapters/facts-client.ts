// The Facts port over @clickhouse/client, whichever engine stands behind the client.
import { Readable } from 'node:stream'
import type { ClickHouseClient } from '@clickhouse/client'
import type { FactRow, Facts } from '../../domain/ports/facts.ts'

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`

/**
 * The settings stand in the statement, not beside it: the embedded engine keeps a session, and a
 * token set there would silently swallow the next block of somebody else.
 * Never asynchronous: a server that batches inserts on its own answers before the rows are there.
 * Unknown columns are left out, so that a newer writer can fill an older table.
 */
const insertStatement = (table: string, token: string): string => {
  if (!IDENTIFIER.test(table)) throw new Error(`not a table name: ${table}`)
  const settings = [
    `insert_deduplication_token=${quoted(token)}`,
    'async_insert=0',
    'input_format_skip_unknown_fields=1',
  ]
  return `INSERT INTO ${table} SETTINGS ${settings.join(', ')} FORMAT JSONEachRow`
}

/** NDJSON text: the client would walk row objects one stream item at a time. */
const rowsAsText = (rows: readonly FactRow[]): string => {
  let text = ''
  for (const row of rows) text += `${JSON.stringify(row)}\n`
  return text
}

/** `closed` runs after the client has let go of the engine. */
export const factsThrough = (
  client: ClickHouseClient,
  closed: () => Promise<void> = async () => {},
): Facts => ({
  async insert(table, rows, token) {
    if (rows.length === 0) return
    const values = Readable.from([rowsAsText(rows)], { objectMode: false })
    const { stream } = await client.exec({ query: insertStatement(table, token), values })
    for await (const _ of stream) {
      // An unread answer would hold its socket.
    }
  },
  async query<T>(sql: string, parameters?: Record<string, unknown>): Promise<T[]> {
    const answer = await client.query({
      query: sql,
      format: 'JSONEachRow',
      ...(parameters === undefined ? {} : { query_params: parameters }),
    })
    return answer.json<T>()
  },
  async command(sql) {
    await client.command({ query: sql })
  },
  async check() {
    const answer = await client.ping({ select: true })
    if (!answer.success) throw answer.error
  },
  async close() {
    await client.close()
    await closed()
  },
})
