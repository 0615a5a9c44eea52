// Who carries what: rows are claimed for a while, so that of several processes one does it.
import { and, asc, eq, lt, lte, or } from 'drizzle-orm'
import type { Millis } from '../../domain/time.ts'
import type { DeskSql } from '../store/database.ts'
import { type SyncLinkRow, syncLinks, syncPolls } from '../store/schema.ts'

const freeAt = (target: string, now: Millis) =>
  and(
    eq(syncLinks.target, target),
    or(
      and(eq(syncLinks.status, 'pending'), lte(syncLinks.dueAt, now)),
      and(eq(syncLinks.status, 'claimed'), lt(syncLinks.claimedUntil, now)),
    ),
  )

/** The next one that is due, the attempt counted; undefined where none is. */
export const claimLink = async (
  database: DeskSql,
  target: string,
  now: Millis,
  leaseMs: Millis,
): Promise<SyncLinkRow | undefined> => {
  // Most of the time there is nothing, and no lock is needed to see that.
  const any = database.select({ id: syncLinks.id }).from(syncLinks).where(freeAt(target, now))
  if ((await any.limit(1)).length === 0) return undefined
  return database.transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(syncLinks)
      .where(freeAt(target, now))
      .orderBy(asc(syncLinks.dueAt), asc(syncLinks.id))
      .limit(1)
      .for('update', { skipLocked: true })
    if (row === undefined) return undefined
    const claimed = {
      status: 'claimed' as const,
      claimedUntil: now + leaseMs,
      attempts: row.attempts + 1,
    }
    await tx.update(syncLinks).set(claimed).where(eq(syncLinks.id, row.id))
    return { ...row, ...claimed }
  })
}

/** Only while the claim is still this one: a process that was away for long changes nothing. */
export const releaseLink = (
  database: DeskSql,
  { id, attempts }: SyncLinkRow,
  change: Partial<Pick<SyncLinkRow, 'status' | 'attempts' | 'dueAt' | 'detail'>>,
) =>
  database
    .update(syncLinks)
    .set({ status: 'pending', claimedUntil: null, ...change })
    .where(
      and(eq(syncLinks.id, id), eq(syncLinks.status, 'claimed'), eq(syncLinks.attempts, attempts)),
    )

/** @returns when it was looked last; undefined where it is too soon or another's turn */
export const claimPoll = async (
  database: DeskSql,
  target: string,
  now: Millis,
  everyMs: Millis,
  leaseMs: Millis,
): Promise<Millis | undefined> => {
  const [last] = await database.select().from(syncPolls).where(eq(syncPolls.target, target))
  if (last !== undefined && last.claimedUntil > now) return undefined
  return database.transaction(async (tx) => {
    const never = { target, polledAt: now - everyMs, claimedUntil: 0 }
    await tx.insert(syncPolls).values(never).onConflictDoNothing()
    const [row] = await tx
      .select()
      .from(syncPolls)
      .where(
        and(
          eq(syncPolls.target, target),
          lte(syncPolls.claimedUntil, now),
          lte(syncPolls.polledAt, now - everyMs),
        ),
      )
      .for('update', { skipLocked: true })
    if (row === undefined) return undefined
    const lease = { claimedUntil: now + leaseMs }
    await tx.update(syncPolls).set(lease).where(eq(syncPolls.target, target))
    return row.polledAt
  })
}

/** @param restUntil no process looks again before */
export const endPoll = (database: DeskSql, target: string, polledAt: Millis, restUntil: Millis) =>
  database
    .update(syncPolls)
    .set({ polledAt, claimedUntil: restUntil })
    .where(eq(syncPolls.target, target))
