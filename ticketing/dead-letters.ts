// Asking for what could not be taken, and why.
import { and, desc, eq, sql } from 'drizzle-orm'
import type { DeadLetterRecord } from '../domain/records.ts'
import { isoTime } from '../domain/time.ts'
import type { DeadLetterView } from './api/dead-letter-schema.ts'
import type { Page } from './api/schemas.ts'
import { type Keyset, toPage } from './cursor.ts'
import { present } from './incidents/views.ts'
import type { DeskSql } from './store/database.ts'
import { deadLetters, letterReplays } from './store/schema.ts'

type Replay = typeof letterReplays.$inferSelect

const replayView = ({ at, actor, status, accepted, reason }: Replay) => ({
  at: isoTime(at),
  actor,
  status,
  accepted,
  ...present({ reason }),
})

const deadLetterView = (letter: DeadLetterRecord, replay: Replay | null): DeadLetterView => ({
  id: letter.id,
  at: isoTime(letter.at),
  source: letter.source,
  reason: letter.reason,
  detail: letter.detail,
  payload: letter.payload,
  replayable: isReplayable(letter),
  ...present({
    index: letter.index,
    position: letter.position && { ...letter.position },
    integration: letter.integration,
    replayed: replay && replayView(replay),
  }),
})

/** A record of the log cannot be offered to the edge, nor what was not kept whole. */
export const isReplayable = ({ position, cut }: DeadLetterRecord): boolean =>
  position === undefined && cut !== true

export const deadLetterQueries = (database: DeskSql) => ({
  /** Newest first. */
  async listDeadLetters(
    filter: { readonly source?: string; readonly reason?: string },
    limit: number,
    after?: Keyset,
  ): Promise<Page<DeadLetterView>> {
    const { source, reason } = filter
    const rows = await database
      .select({ letter: deadLetters, replay: letterReplays })
      .from(deadLetters)
      .leftJoin(letterReplays, eq(letterReplays.id, deadLetters.id))
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
      ({ letter, replay }) => deadLetterView(letter.body, replay),
      ({ letter: { at, id } }) => ({ key: at, id }),
    )
  },
})
