// Asking for the audit log, and whether its chain still holds.
import { and, asc, desc, eq, gt, lt } from 'drizzle-orm'
import { isoTime } from '../domain/time.ts'
import type { AuditView, Page } from './api/schemas.ts'
import { type AuditEntry, type BrokenChain, verifyAudit } from './audit.ts'
import { type Keyset, toPage } from './cursor.ts'
import type { DeskSql } from './store/database.ts'
import { type AuditRow, audit } from './store/schema.ts'

const VERIFIED_AT_A_TIME = 1_000

const auditView = ({ sequence, entry, hash }: AuditRow): AuditView => {
  const { at, ...rest } = JSON.parse(entry) as AuditEntry
  return { ...rest, sequence, at: isoTime(at), hash }
}

export const auditQueries = (database: DeskSql) => ({
  /** Newest first. */
  async listAudit(
    filter: { readonly target?: string; readonly actor?: string },
    limit: number,
    after?: Keyset,
  ): Promise<Page<AuditView>> {
    const rows = await database
      .select()
      .from(audit)
      .where(
        and(
          filter.target === undefined ? undefined : eq(audit.target, filter.target),
          filter.actor === undefined ? undefined : eq(audit.actor, filter.actor),
          after && lt(audit.sequence, after.key),
        ),
      )
      .orderBy(desc(audit.sequence))
      .limit(limit + 1)
    return toPage(rows, limit, auditView, ({ sequence }) => ({ key: sequence, id: '' }))
  },

  /**
   * The whole log, oldest first, a line an entry: the hashed text as it is, with its hash. Whoever
   * has the lines can follow the chain without us.
   */
  async *exportAudit(): AsyncGenerator<string> {
    for (let sequence = 0; ; ) {
      const rows = await database
        .select()
        .from(audit)
        .where(gt(audit.sequence, sequence))
        .orderBy(asc(audit.sequence))
        .limit(VERIFIED_AT_A_TIME)
      const last = rows.at(-1)
      if (last === undefined) return
      for (const { entry, hash } of rows) yield `${JSON.stringify({ entry, hash })}\n`
      sequence = last.sequence
    }
  },

  /** Follows the whole chain. */
  async verifyAuditChain(): Promise<{ entries: number; broken?: BrokenChain }> {
    let held: { sequence: number; hash: string } | undefined
    for (;;) {
      const rows = await database
        .select()
        .from(audit)
        .where(gt(audit.sequence, held?.sequence ?? 0))
        .orderBy(asc(audit.sequence))
        .limit(VERIFIED_AT_A_TIME)
      const entries = held?.sequence ?? 0
      if (rows.length === 0) return { entries }
      const verdict = verifyAudit(rows, held)
      if ('detail' in verdict) return { entries, broken: verdict }
      held = verdict
    }
  },
})
