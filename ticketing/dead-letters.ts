// Asking for what could not be taken, and why.
import { and, desc, eq, sql } from 'drizzle-orm'
import type { DeadLetterRecord } from '../domain/records.ts'
import { isoTime } from '../domain/time.ts'
import type { DeadLetterView, Page } from './api/schemas.ts'
import { type Keyset, toPage } from './cursor.ts'
import { present } from './incidents/views.ts'
import type { DeskSql } from './store/database.ts'
import { deadLetters } from './store/schema.ts'

const deadLetterView = (letter: DeadLetterRecord): DeadLetterView => ({
  id: letter.id,
  at: isoTime(letter.at),
  source: letter.source,
  reason: letter.reason,
  detail: letter.detail,
  payload: letter.payload,
  ...present({ index: letter.index, position: letter.position && { ...letter.position } }),
})

export const deadLetterQueries = (database: DeskSql) => ({
  /** Newest first. */
  async listDeadLetters(
    filter: { readonly source?: string; readonly reason?: string },
    limit: number,
    after?: Keyset,
  ): Promise<Page<DeadLetterView>> {
    const { source, reason } = filter
    const rows = await database
      .select()
      .from(deadLetters)
      .where(
        and(
          source === undefined ? undefined : eq(deadLetters.source, source),
          reason === undefined ? undefined : eq(deadLetters.reason, reason),
          after && sql`(${deadLetters.at}, ${deadLetters.id}) < (${after.key}, ${after.id})`,
        ),
      )
      .orderBy(desc(deadLetters.at), desc(deadLetters.id))
      .limit(limit + 1)
    return toPage(
      rows,
      limit,
      ({ body }) => deadLetterView(body),
      (row) => ({ key: row.at, id: row.id }),
    )
  },
})
