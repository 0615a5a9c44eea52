// The Facts port: ClickHouse SQL, by whichever engine answers it.

export type FactRow = Record<string, unknown>

export interface Facts {
  /**
   * Inserts one block. The same token again inserts nothing.
   * @param token names the block by log position
   */
  insert(table: string, rows: readonly FactRow[], token: string): Promise<void>
  /** Named parameters as ClickHouse writes them: `{from:DateTime64(3)}`. */
  query<T = FactRow>(sql: string, parameters?: Record<string, unknown>): Promise<T[]>
  /** DDL. */
  command(sql: string): Promise<void>
  check(): Promise<void>
  close(): Promise<void>
}
