// The rows that one transaction touches: loaded once, changed in memory, written once at its end.

export interface Rows<Row extends { readonly id: string }> {
  /** Fetches, in one query, those not yet here. */
  load(ids: readonly string[]): Promise<void>
  get(id: string): Promise<Row | undefined>
  /** The row as it is to be written. */
  put(row: Row): void
  flush(): Promise<void>
}

export const createRows = <Row extends { readonly id: string }>(table: {
  select(ids: string[]): Promise<Row[]>
  upsert(rows: Row[]): Promise<void>
}): Rows<Row> => {
  const rows = new Map<string, Row | undefined>()
  const changed = new Set<string>()
  const load = async (ids: readonly string[]): Promise<void> => {
    const missing = [...new Set(ids)].filter((id) => !rows.has(id))
    if (missing.length === 0) return
    for (const id of missing) rows.set(id, undefined)
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
      await table.upsert([...changed].map((id) => rows.get(id)!))
      changed.clear()
    },
  }
}
