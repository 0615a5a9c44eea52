// The audit log: every change that a person made, before and after, each entry chained to the last.
import { createHash } from 'node:crypto'
import { desc } from 'drizzle-orm'
import type { Millis } from '../domain/time.ts'
import { type DeskSql, insertRows } from './store/database.ts'
import { type AuditRow, audit } from './store/schema.ts'

export interface AuditEntry {
  readonly commandId: string
  readonly at: Millis
  readonly actor: string
  readonly action: string
  readonly target: string
  /** `applied`, or the reason of the refusal. */
  readonly outcome: string
  readonly before: unknown
  readonly after: unknown
}

/** What the first entry is chained to. */
const GENESIS = '0'.repeat(64)

const chain = (previous: string, entry: string): string =>
  createHash('sha256').update(previous).update('\n').update(entry).digest('hex')

export const appendAudit = async (
  tx: DeskSql,
  entries: readonly AuditEntry[],
  next: (counter: string) => number,
): Promise<void> => {
  if (entries.length === 0) return
  const [last] = await tx.select().from(audit).orderBy(desc(audit.sequence)).limit(1)
  let previous = last?.hash ?? GENESIS
  const rows = entries.map((entry) => {
    const sequence = next('audit')
    const text = JSON.stringify({ sequence, ...entry })
    previous = chain(previous, text)
    const { at, actor, action, target } = entry
    return { sequence, at, actor, action, target, entry: text, hash: previous }
  })
  await insertRows(tx, audit, rows)
}

/** One exported line, as the row that it was. @throws SyntaxError or TypeError where it is none */
export const rowOfLine = (line: string): AuditRow => {
  const { entry, hash } = JSON.parse(line) as { entry: string; hash: string }
  const { sequence, at, actor, action, target } = JSON.parse(entry) as AuditEntry & {
    sequence: number
  }
  if (typeof hash !== 'string') throw new TypeError('a line without its hash')
  return { sequence, at, actor, action, target, entry, hash }
}

export interface BrokenChain {
  readonly sequence: number
  readonly detail: string
}

/**
 * Follows the chain from `previous` over consecutive rows.
 * @returns the hash to go on with, or the first entry that does not hold
 */
export const verifyAudit = (
  rows: readonly AuditRow[],
  previous: { readonly sequence: number; readonly hash: string } = { sequence: 0, hash: GENESIS },
): { sequence: number; hash: string } | BrokenChain => {
  let { sequence, hash } = previous
  for (const row of rows) {
    if (row.sequence !== sequence + 1)
      return { sequence: row.sequence, detail: `entry ${sequence + 1} is missing` }
    hash = chain(hash, row.entry)
    if (hash !== row.hash) return { sequence: row.sequence, detail: 'the hash does not match' }
    const { at, actor, action, target } = JSON.parse(row.entry) as AuditEntry
    if (at !== row.at || actor !== row.actor || action !== row.action || target !== row.target)
      return { sequence: row.sequence, detail: 'the columns differ from the entry' }
    sequence = row.sequence
  }
  return { sequence, hash }
}
