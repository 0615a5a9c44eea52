// Sends what is due: each at least once under one id, in order, no channel waiting for another.
import { and, asc, eq, inArray, lt, lte, notInArray, or, sql } from 'drizzle-orm'
import { hash64 } from '../../domain/hash.ts'
import { MINUTE_MS, type Millis, SECOND_MS } from '../../domain/time.ts'
import type { DeskSettings } from '../settings.ts'
import type { DeskSql } from '../store/database.ts'
import { incidents, type NotificationRow, notifications } from '../store/schema.ts'
import type { Outgoing } from './channels/channel.ts'
import { render } from './channels/registry.ts'

export type SendResult =
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'failed'
      readonly detail: string
      /** False where trying again cannot help (4xx, a refused address). */
      readonly retry: boolean
      readonly retryAfterMs?: Millis
    }

/** Answers within `outbound.timeoutMs`. */
export type Send = (outgoing: Outgoing) => Promise<SendResult>

/** A turn is short, so that a claim need not be long. */
const CLAIMED_PER_TURN_MAX = 10
const FIRST_PAUSE_MS = 5 * SECOND_MS
const PAUSE_MAX_MS = 30 * MINUTE_MS
/** A channel that failed so often in a row is left alone for a while. */
const FAILURES_IN_A_ROW_MAX = 5
const REST_MS = MINUTE_MS

/** Longer than a turn takes at worst: then the claim of a process that died is free again. */
const claimMs = (timeoutMs: Millis): Millis => (CLAIMED_PER_TURN_MAX + 2) * timeoutMs

/** 0 to 1, the same for the same text: what failed together is not tried again together. */
const scatter = (text: string): number => Number.parseInt(hash64(text).slice(-6), 16) / 0xffffff

/** Doubles with each attempt; up to half of it is taken off, by the id. */
export const pauseAfter = (attempts: number, id: string): Millis => {
  const pause = Math.min(PAUSE_MAX_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1))
  return Math.round(pause * (1 - scatter(`${id} ${attempts}`) / 2))
}

const freeAt = (now: Millis) =>
  or(
    and(eq(notifications.status, 'pending'), lte(notifications.dueAt, now)),
    and(eq(notifications.status, 'claimed'), lt(notifications.claimedUntil, now)),
  )

/** Asked twice a second and channel: most of the time there is nothing, and no lock is needed. */
const anyFree = async (database: DeskSql, channel: string, now: Millis): Promise<boolean> => {
  const found = await database
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.channel, channel), freeAt(now)))
    .limit(1)
  return found.length > 0
}

/** Due, free, and with nothing earlier to say of the same incident on the same channel. */
const claim = (database: DeskSql, channel: string, now: Millis, until: Millis) =>
  database.transaction(async (tx) => {
    const earlier = sql`exists (
      select 1 from notifications as earlier
      where earlier.incident_id = ${notifications.incidentId}
        and earlier.channel = ${notifications.channel}
        and earlier.sequence < ${notifications.sequence}
        and earlier.status in ('pending', 'claimed')
        and (earlier.attempts > 0 or earlier.due_at <= ${notifications.dueAt}))`
    const rows = await tx
      .select()
      .from(notifications)
      .where(and(eq(notifications.channel, channel), freeAt(now), sql`not ${earlier}`))
      .orderBy(asc(notifications.dueAt), asc(notifications.sequence))
      .limit(CLAIMED_PER_TURN_MAX)
      .for('update', { skipLocked: true })
    const ids = rows.map(({ id }) => id)
    if (ids.length > 0)
      await tx
        .update(notifications)
        .set({
          status: 'claimed',
          claimedUntil: until,
          attempts: sql`${notifications.attempts} + 1`,
        })
        .where(inArray(notifications.id, ids))
    return rows.map((row) => ({ ...row, attempts: row.attempts + 1 }))
  })

type Change = Partial<typeof notifications.$inferInsert>

/** Only while the claim is still this one: a process that was away for long changes nothing. */
const settle = (database: DeskSql, { id, attempts }: NotificationRow, change: Change) =>
  database
    .update(notifications)
    .set({ claimedUntil: null, ...change })
    .where(
      and(
        eq(notifications.id, id),
        eq(notifications.status, 'claimed'),
        eq(notifications.attempts, attempts),
      ),
    )

const afterFailure = (
  { id, attempts }: NotificationRow,
  result: Extract<SendResult, { kind: 'failed' }>,
  attemptsMax: number,
  now: Millis,
): Change =>
  !result.retry || attempts >= attemptsMax
    ? { status: 'dead', detail: result.detail }
    : {
        status: 'pending',
        detail: result.detail,
        dueAt: now + Math.max(pauseAfter(attempts, id), result.retryAfterMs ?? 0),
      }

/** What one turn came to. */
export interface Turn {
  readonly sent: number
  readonly failed: number
  /** As many as one turn takes were waiting, so there may be more. */
  readonly more: boolean
}

export interface Delivery {
  readonly channels: readonly string[]
  /** Sends what is due on one channel. Turns of the same channel must not overlap. */
  turn(channel: string, now: Millis): Promise<Turn>
  /** A turn of every channel, none of which waits for another. */
  run(now: Millis): Promise<Turn>
  /** Gives up what no channel takes, and forgets what was said of incidents closed long ago. */
  sweep(now: Millis): Promise<void>
}

const sweep = async (
  database: DeskSql,
  { channels, staleAfterMs, keptMs }: DeskSettings['notifications'],
  now: Millis,
): Promise<void> => {
  // Not at once: another process may be ahead with its configuration.
  await database
    .update(notifications)
    .set({ status: 'dead', detail: 'no channel of this name is configured' })
    .where(
      and(
        eq(notifications.status, 'pending'),
        lt(notifications.dueAt, now - staleAfterMs),
        notInArray(notifications.channel, ['', ...Object.keys(channels)]),
      ),
    )
  const closed = database
    .select({ id: incidents.id })
    .from(incidents)
    .where(inArray(incidents.status, ['closed', 'merged']))
  await database
    .delete(notifications)
    .where(
      and(
        lt(notifications.createdAt, now - keptMs),
        or(eq(notifications.event, 'test'), inArray(notifications.incidentId, closed)),
      ),
    )
}

export const createDelivery = (
  database: DeskSql,
  { notifications: settings, outbound }: Pick<DeskSettings, 'notifications' | 'outbound'>,
  send: Send,
): Delivery => {
  const channels = Object.keys(settings.channels)
  const failures = new Map<string, number>()
  const restsUntil = new Map<string, Millis>()

  const attempt = async (row: NotificationRow, now: Millis): Promise<boolean> => {
    if (row.attempts === 1 && now - row.dueAt > settings.staleAfterMs) {
      await settle(database, row, { status: 'stale', detail: 'too old to be news' })
      return true
    }
    const channel = settings.channels[row.channel]!
    const result = await send(render(channel, row.message, { id: row.id, at: now }))
    if (result.kind === 'sent') {
      failures.delete(row.channel)
      await settle(database, row, { status: 'sent', sentAt: now, detail: null })
      return true
    }
    const inARow = (failures.get(row.channel) ?? 0) + 1
    failures.set(row.channel, inARow)
    // What asks us to wait means all of us, not this message alone.
    const asked = Math.min(result.retryAfterMs ?? 0, PAUSE_MAX_MS)
    const rest = inARow >= FAILURES_IN_A_ROW_MAX ? Math.max(REST_MS, asked) : asked
    if (rest > 0) restsUntil.set(row.channel, now + rest)
    await settle(database, row, afterFailure(row, result, settings.attemptsMax, now))
    return false
  }

  const turn = async (channel: string, now: Millis): Promise<Turn> => {
    const resting = (restsUntil.get(channel) ?? 0) > now
    if (resting || !(await anyFree(database, channel, now)))
      return { sent: 0, failed: 0, more: false }
    const rows = await claim(database, channel, now, now + claimMs(outbound.timeoutMs))
    for (const [index, row] of rows.entries()) {
      if (await attempt(row, now)) continue
      // The first failure leaves the rest for later, as if they had never been claimed.
      for (const left of rows.slice(index + 1))
        await settle(database, left, { status: 'pending', attempts: left.attempts - 1 })
      return { sent: index, failed: 1, more: false }
    }
    return { sent: rows.length, failed: 0, more: rows.length === CLAIMED_PER_TURN_MAX }
  }

  return {
    channels,
    turn,
    async run(now) {
      const turns = await Promise.all(channels.map((channel) => turn(channel, now)))
      return {
        sent: turns.reduce((sum, { sent }) => sum + sent, 0),
        failed: turns.reduce((sum, { failed }) => sum + failed, 0),
        more: turns.some(({ more }) => more),
      }
    },
    sweep: (now) => sweep(database, settings, now),
  }
}
