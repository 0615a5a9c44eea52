// Sends what is due: each at least once under one id, in order, no channel waiting for another.
import { and, asc, eq, inArray, lt, lte, or, sql } from 'drizzle-orm'
import { MINUTE_MS, type Millis, SECOND_MS } from '../../domain/time.ts'
import type { DeskSql } from '../store/database.ts'
import { type NotificationRow, notifications } from '../store/schema.ts'
import type { Outgoing } from './channels/channel.ts'
import { render } from './channels/registry.ts'
import type { NotificationSettings } from './settings.ts'

export type SendResult =
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'failed'
      readonly detail: string
      /** False where trying again cannot help (4xx, a refused address). */
      readonly retry: boolean
      readonly retryAfterMs?: Millis
    }

/** Never throws; answers within its own deadline. */
export type Send = (outgoing: Outgoing) => Promise<SendResult>

const CLAIMED_AT_ONCE_MAX = 100
/** Longer than any sending takes: then the claim of a process that died is free again. */
const CLAIM_MS = 2 * MINUTE_MS
const FIRST_PAUSE_MS = 5 * SECOND_MS
const PAUSE_MAX_MS = 30 * MINUTE_MS
/** A channel that failed so often in a row is left alone for a while. */
const FAILURES_IN_A_ROW_MAX = 5
const REST_MS = MINUTE_MS

export const pauseAfter = (attempts: number): Millis =>
  Math.min(PAUSE_MAX_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1))

/** Due, free, and with nothing earlier to say of the same incident on the same channel. */
const claim = (database: DeskSql, now: Millis, resting: readonly string[]) =>
  database.transaction(async (tx) => {
    const earlier = sql`exists (
      select 1 from notifications as earlier
      where earlier.incident_id = ${notifications.incidentId}
        and earlier.channel = ${notifications.channel}
        and earlier.sequence < ${notifications.sequence}
        and earlier.status in ('pending', 'claimed')
        and (earlier.attempts > 0 or earlier.due_at <= ${notifications.dueAt}))`
    const free = or(
      and(eq(notifications.status, 'pending'), lte(notifications.dueAt, now)),
      and(eq(notifications.status, 'claimed'), lt(notifications.claimedUntil, now)),
    )
    const rows = await tx
      .select()
      .from(notifications)
      .where(
        and(
          free,
          sql`not ${earlier}`,
          resting.length === 0 ? undefined : sql`${notifications.channel} not in ${[...resting]}`,
        ),
      )
      .orderBy(asc(notifications.dueAt), asc(notifications.sequence))
      .limit(CLAIMED_AT_ONCE_MAX)
      .for('update', { skipLocked: true })
    const ids = rows.map(({ id }) => id)
    if (ids.length > 0)
      await tx
        .update(notifications)
        .set({
          status: 'claimed',
          claimedUntil: now + CLAIM_MS,
          attempts: sql`${notifications.attempts} + 1`,
        })
        .where(inArray(notifications.id, ids))
    return rows.map((row) => ({ ...row, attempts: row.attempts + 1 }))
  })

type Change = Partial<typeof notifications.$inferInsert>

const afterFailure = (
  { attempts }: NotificationRow,
  result: Extract<SendResult, { kind: 'failed' }>,
  attemptsMax: number,
  now: Millis,
): Change =>
  !result.retry || attempts >= attemptsMax
    ? { status: 'dead', detail: result.detail }
    : {
        status: 'pending',
        detail: result.detail,
        dueAt: now + Math.max(pauseAfter(attempts), result.retryAfterMs ?? 0),
      }

export interface Delivery {
  /**
   * Sends what is due now; calls must not overlap.
   * @returns how many were sent, and how many attempts failed
   */
  run(now: Millis): Promise<{ sent: number; failed: number }>
}

export const createDelivery = (
  database: DeskSql,
  settings: NotificationSettings,
  send: Send,
): Delivery => {
  const failures = new Map<string, number>()
  const restsUntil = new Map<string, Millis>()

  const settle = (row: NotificationRow, change: Change) =>
    database
      .update(notifications)
      .set({ claimedUntil: null, ...change })
      .where(eq(notifications.id, row.id))

  const attempt = async (row: NotificationRow, now: Millis): Promise<boolean> => {
    const channel = settings.channels[row.channel]
    if (channel === undefined) {
      await settle(row, { status: 'dead', detail: `there is no channel ${row.channel}` })
      return false
    }
    if (row.attempts === 1 && now - row.dueAt > settings.staleAfterMs) {
      await settle(row, { status: 'stale', detail: 'too old to be news' })
      return true
    }
    const result = await send(render(channel, row.message, { id: row.id, at: now }))
    if (result.kind === 'sent') {
      failures.delete(row.channel)
      await settle(row, { status: 'sent', sentAt: now, detail: null })
      return true
    }
    const inARow = (failures.get(row.channel) ?? 0) + 1
    failures.set(row.channel, inARow)
    if (inARow >= FAILURES_IN_A_ROW_MAX) restsUntil.set(row.channel, now + REST_MS)
    await settle(row, afterFailure(row, result, settings.attemptsMax, now))
    return false
  }

  /** One channel's messages one after the other; the first failure leaves the rest for later. */
  const work = async (rows: readonly NotificationRow[], now: Millis) => {
    let sent = 0
    for (const [index, row] of rows.entries()) {
      if (await attempt(row, now)) {
        sent += 1
        continue
      }
      for (const left of rows.slice(index + 1))
        await settle(left, { status: 'pending', attempts: left.attempts - 1 })
      return { sent, failed: 1 }
    }
    return { sent, failed: 0 }
  }

  return {
    async run(now) {
      const resting = [...restsUntil].flatMap(([channel, until]) => (until > now ? [channel] : []))
      const byChannel = new Map<string, NotificationRow[]>()
      for (const row of await claim(database, now, resting)) {
        const list = byChannel.get(row.channel)
        if (list === undefined) byChannel.set(row.channel, [row])
        else list.push(row)
      }
      const results = await Promise.all([...byChannel.values()].map((rows) => work(rows, now)))
      return {
        sent: results.reduce((sum, { sent }) => sum + sent, 0),
        failed: results.reduce((sum, { failed }) => sum + failed, 0),
      }
    },
  }
}
