// Rows that units of work leave to the next one, so that it need not ask for them again.

/** Rows of one table that are kept; beyond it those that were longest left alone are forgotten. */
const ROWS_MAX = 10_000

/** What one unit of work sees of it. */
export interface CachedRows<Row> {
  get(id: string): Row | undefined
}

export interface RowCache<Row extends { readonly id: string }> {
  /** What is known at this moment of the store; nothing where it is known of another. */
  at(moment: number): CachedRows<Row>
  /** A unit of work was committed that found the store at one moment and left it at another. */
  committed(from: number, to: number, rows: Iterable<Row>): void
  forget(): void
}

/**
 * Another process may have written meanwhile. Every unit of work that writes such a row moves the
 * desk's counter of changes, under its lock: while the counter stands where our own last unit of
 * work left it, nobody else has written, and the rows are as they are in the store.
 */
export const createRowCache = <Row extends { readonly id: string }>(
  rowsMax: number = ROWS_MAX,
): RowCache<Row> => {
  const rows = new Map<string, Row>()
  let known: number | undefined
  return {
    at: (moment) => ({
      get(id) {
        // Asked anew each time: a unit of work that waited for ours may be committed by then.
        return known === moment ? rows.get(id) : undefined
      },
    }),
    committed(from, to, written) {
      if (known !== from) rows.clear()
      known = to
      for (const row of written) {
        rows.delete(row.id)
        rows.set(row.id, row)
      }
      for (const id of rows.keys()) {
        if (rows.size <= rowsMax) break
        rows.delete(id)
      }
    },
    forget() {
      rows.clear()
      known = undefined
    },
  }
}
