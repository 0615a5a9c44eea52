// The rows that one transaction touches: loaded once, changed in memory, written once at its end.

import type { CachedRows } from './row-cache.ts'

export interface Rows<Row extends { readonly id: string }> {
  /** Fetches, in one query, those not yet here. */
  load(ids: readonly string[]): Promise<void>
  get(id: string): Promise<Row | undefined>
  /** The row as it is to be written. */
  put(row: Row): void
  /** @returns whether anything was written */
  flush(): Promise<boolean>
  /** All that is known to be in the store once it is committed. */
  known(): Iterable<Row>
}

export const createRows = <Row extends { readonly id: string }>(
  table: {
    select(ids: string[]): Promise<Row[]>
    /** @returns the rows as they were written */
    upsert(rows: Row[]): Promise<Row[]>
  },
  cached?: CachedRows<Row>,
): Rows<Row> => {
  const rows = new Map<string, Row | undefined>()
  const changed = new Set<string>()
  const load = async (ids: readonly string[]): Promise<void> => {
    const missing: string[] = []
    for (const id of ids) {
      if (rows.has(id)) continue
      const row = cached?.get(id)
      rows.set(id, row)
      if (row === undefined) missing.push(id)
    }
    if (missing.length === 0) return
    for (const row of await table.select(missing)) rows.set(row.id, row)
  }
  return {
    load,
    async get(id) {
      await load([id])
      return rows.get(id)
    },
    put(row) {
      rows.set(row.id, row)
      changed.add(row.id)
    },
    async flush() {
      if (changed.size === 0) return false
      const written = await table.upsert([...changed].map((id) => rows.get(id)!))
      for (const row of written) rows.set(row.id, row)
      changed.clear()
      return true
    },
    *known() {
      for (const row of rows.values()) if (row !== undefined) yield row
    },
  }
}
