// Asking for the audit log, and whether its chain still holds.
import { and, asc, desc, eq, gt, lt } from 'drizzle-orm'
import { isoTime } from '../domain/time.ts'
import type { AuditView, Page } from './api/schemas.ts'
import { type AuditEntry, type BrokenChain, verifyAudit } from './audit.ts'
import { csvLine } from './csv.ts'
import { type Keyset, toPage } from './cursor.ts'
import type { DeskSql } from './store/database.ts'
import { type AuditRow, audit, counters } from './store/schema.ts'

const READ_AT_A_TIME = 1_000

const auditView = ({ sequence, entry, hash }: AuditRow): AuditView => {
  const { at, ...rest } = JSON.parse(entry) as AuditEntry
  return { ...rest, sequence, at: isoTime(at), hash }
}

/** Where a chain ends: enough to tell later whether it was written anew. */
export interface ChainEnd {
  readonly sequence: number
  readonly hash: string
}

export interface AuditVerdict {
  /** Entries that hold, from the first. */
  readonly entries: number
  readonly end: ChainEnd
  readonly broken?: BrokenChain
}

const COLUMNS = [
  'sequence',
  'at',
  'actor',
  'action',
  'target',
  'outcome',
  'before',
  'after',
  'hash',
] as const

const csvOf = (row: AuditRow): string => {
  const { before, after, outcome } = JSON.parse(row.entry) as AuditEntry
  const { sequence, at, actor, action, target, hash } = row
  return csvLine([
    sequence,
    isoTime(at),
    actor,
    action,
    target,
    outcome,
    JSON.stringify(before),
    JSON.stringify(after),
    hash,
  ])
}

const LINES = {
  ndjson: ({ entry, hash }: AuditRow): string => `${JSON.stringify({ entry, hash })}\n`,
  csv: csvOf,
} as const

/** All of it, oldest first. */
async function* chunks(database: DeskSql): AsyncGenerator<AuditRow[]> {
  for (let sequence = 0; ; ) {
    const rows = await database
      .select()
      .from(audit)
      .where(gt(audit.sequence, sequence))
      .orderBy(asc(audit.sequence))
      .limit(READ_AT_A_TIME)
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    sequence = last.sequence
  }
}

const entriesWritten = async (database: DeskSql): Promise<number> => {
  const [row] = await database.select().from(counters).where(eq(counters.name, 'audit'))
  return row?.value ?? 0
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
   * The whole log, oldest first. As `ndjson` a line is the hashed text as it is, with its hash:
   * whoever has the lines can follow the chain without us.
   */
  async *exportAudit(format: keyof typeof LINES): AsyncGenerator<string> {
    if (format === 'csv') yield csvLine(COLUMNS)
    for await (const rows of chunks(database)) for (const row of rows) yield LINES[format](row)
  },

  /**
   * Follows the whole chain, and looks whether it still ends where the last entry was written.
   * @param noted what was noted of the chain before: who rewrites it all cannot keep that
   */
  async verifyAuditChain(noted?: ChainEnd): Promise<AuditVerdict> {
    let end: ChainEnd = { sequence: 0, hash: '' }
    for await (const rows of chunks(database)) {
      const verdict = end.sequence === 0 ? verifyAudit(rows) : verifyAudit(rows, end)
      if ('detail' in verdict) return { entries: end.sequence, end, broken: verdict }
      const then = rows.find(({ sequence }) => sequence === noted?.sequence)
      if (then !== undefined && then.hash !== noted?.hash) {
        const detail = 'the hash is not the one that was noted: the log was written anew'
        return { entries: end.sequence, end, broken: { sequence: then.sequence, detail } }
      }
      end = verdict
    }
    const written = Math.max(await entriesWritten(database), noted?.sequence ?? 0)
    if (end.sequence >= written) return { entries: end.sequence, end }
    const detail = `entry ${end.sequence + 1} is missing: there were ${written}`
    return { entries: end.sequence, end, broken: { sequence: end.sequence + 1, detail } }
  },
})
