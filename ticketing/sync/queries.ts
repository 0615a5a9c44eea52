// Asking how incidents stand with other desks.
import { and, desc, eq, lt } from 'drizzle-orm'
import { type Static, Type } from 'typebox'
import { Count } from '../api/schema-parts.ts'
import type { Page } from '../api/schemas.ts'
import { type Keyset, toPage } from '../cursor.ts'
import { present } from '../incidents/views.ts'
import type { DeskSql } from '../store/database.ts'
import { SYNC_STATES, type SyncLinkRow, type SyncState, syncLinks } from '../store/schema.ts'

export const SyncLinkView = Type.Object({
  id: Type.String(),
  target: Type.String(),
  incidentId: Type.String(),
  status: Type.Enum([...SYNC_STATES]),
  /** What the other desk calls it, and where to open it; absent until it is there. */
  key: Type.Optional(Type.String()),
  url: Type.Optional(Type.String()),
  attempts: Count,
  /** What went wrong last. */
  detail: Type.Optional(Type.String()),
})
export type SyncLinkView = Static<typeof SyncLinkView>

const linkView = (row: SyncLinkRow): SyncLinkView => ({
  id: row.id,
  target: row.target,
  incidentId: row.incidentId,
  status: row.status,
  attempts: row.attempts,
  ...present({ key: row.remoteKey, url: row.remoteUrl, detail: row.detail }),
})

export const syncQueries = (database: DeskSql) => ({
  /** By id, the last first. */
  async listSyncLinks(
    filter: {
      readonly status?: SyncState
      readonly target?: string
      readonly incident?: string
    },
    limit: number,
    after?: Keyset,
  ): Promise<Page<SyncLinkView>> {
    const rows = await database
      .select()
      .from(syncLinks)
      .where(
        and(
          filter.status && eq(syncLinks.status, filter.status),
          filter.target === undefined ? undefined : eq(syncLinks.target, filter.target),
          filter.incident === undefined ? undefined : eq(syncLinks.incidentId, filter.incident),
          after && lt(syncLinks.id, after.id),
        ),
      )
      .orderBy(desc(syncLinks.id))
      .limit(limit + 1)
    return toPage(rows, limit, linkView, ({ id }) => ({ key: 0, id }))
  },

  async findSyncLink(id: string): Promise<SyncLinkView | undefined> {
    const [row] = await database.select().from(syncLinks).where(eq(syncLinks.id, id))
    return row && linkView(row)
  },
})
