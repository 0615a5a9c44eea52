// Keyset cursors: where a page ended, as text that the caller hands back.

/** The sort key of the last row and its id, which breaks ties. */
export interface Keyset {
  readonly key: number
  readonly id: string
}

export const encodeCursor = ({ key, id }: Keyset): string =>
  Buffer.from(JSON.stringify([key, id])).toString('base64url')

/** @returns undefined when the text is not a cursor of ours */
export const decodeCursor = (cursor: string): Keyset | undefined => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (!Array.isArray(parsed) || parsed.length !== 2) return undefined
    const [key, id] = parsed as unknown[]
    return Number.isSafeInteger(key) && typeof id === 'string' && !id.includes('\0')
      ? { key: key as number, id }
      : undefined
  } catch {
    return undefined
  }
}

/** Cuts the row fetched beyond the limit: it only says that there is more. */
export const toPage = <Row, View>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => View,
  keysetOf: (row: Row) => Keyset,
): { items: View[]; nextCursor?: string } => {
  const items = rows.slice(0, limit).map(view)
  const last = rows[limit - 1]
  return rows.length > limit && last !== undefined
    ? { items, nextCursor: encodeCursor(keysetOf(last)) }
    : { items }
}
