// Carries wishes to the other desks and looks there for news; what came of it goes into the log.
import { and, eq } from 'drizzle-orm'
import { hash64 } from '../../domain/hash.ts'
import type { CommandRecord } from '../../domain/records.ts'
import { MINUTE_MS, type Millis } from '../../domain/time.ts'
import { pauseAfter } from '../notifications/delivery.ts'
import { type Http, OutboundError } from '../outbound.ts'
import type { DeskSettings } from '../settings.ts'
import type { DeskSql } from '../store/database.ts'
import { type SyncLinkRow, syncLinks } from '../store/schema.ts'
import { type Came, carry, look, REQUESTS_MAX } from './carry.ts'
import { claimLink, claimPoll, endPoll, releaseLink } from './claims.ts'
import { createJira } from './jira.ts'
import type { OtherDesk, RemoteTicket } from './other-desk.ts'
import { createServicenow } from './servicenow.ts'
import type { SyncTarget } from './settings.ts'

/** What their clock and ours, and a poll that took long, may make of a minute. */
const OVERLAP_MINUTES = 2
const LOOK_BACK_MAX_MINUTES = 7 * 24 * 60

export type SyncTurn = 'pushed' | 'failed' | 'idle'

export interface Sync {
  readonly targets: readonly string[]
  /** Tells one target the next thing that is due. Turns of one target must not overlap. */
  turn(target: string, now: Millis): Promise<SyncTurn>
  /**
   * Looks for news at one target, unless another process does or it is too soon.
   * @returns how many tickets had some
   * @throws OutboundError where the target did not answer; the next look goes as far back
   */
  poll(target: string, now: Millis): Promise<number>
}

export interface SyncOptions {
  readonly database: DeskSql
  readonly settings: Pick<DeskSettings, 'sync' | 'outbound'>
  readonly http: Http
  /** Resolves once the command is durable. */
  append(command: CommandRecord): Promise<void>
}

const openDesk = (target: SyncTarget, http: Http): OtherDesk =>
  target.kind === 'servicenow' ? createServicenow(target, http) : createJira(target, http)

export const createSync = ({ database, settings, http, append }: SyncOptions): Sync => {
  const { targets, attemptsMax, pollEveryMs } = settings.sync
  const desks = new Map(
    Object.entries(targets).map(([name, target]) => [name, openDesk(target, http)]),
  )
  const failures = new Map<string, number>()
  const restsUntil = new Map<string, Millis>()
  const leaseMs = (REQUESTS_MAX + 2) * settings.outbound.timeoutMs

  const say = (link: SyncLinkRow, stamp: string, { action, body }: Came, at: Millis) =>
    append({
      id: `${action}-${hash64(`${link.id} ${stamp}`)}`,
      at,
      actor: link.target,
      action,
      target: link.id,
      body,
    })

  const afterFailure = async (row: SyncLinkRow, error: unknown, now: Millis): Promise<void> => {
    if (!(error instanceof OutboundError)) {
      // Ours, such as a log that is away: the attempt does not count.
      await releaseLink(database, row, { attempts: row.attempts - 1 })
      throw error
    }
    const { message: detail, retry, retryAfterMs } = error
    if (!retry || row.attempts >= attemptsMax) {
      await releaseLink(database, row, { status: 'dead', detail })
      return
    }
    const inARow = (failures.get(row.target) ?? 0) + 1
    failures.set(row.target, inARow)
    restsUntil.set(row.target, now + Math.max(pauseAfter(inARow, row.target), retryAfterMs))
    const dueAt = now + Math.max(pauseAfter(row.attempts, row.id), retryAfterMs)
    await releaseLink(database, row, { detail, dueAt })
  }

  const linkOf = async (target: string, { id }: RemoteTicket) => {
    const mine = and(eq(syncLinks.target, target), eq(syncLinks.remoteId, id))
    return (await database.select().from(syncLinks).where(mine))[0]
  }

  return {
    targets: [...desks.keys()],
    async turn(target, now) {
      if ((restsUntil.get(target) ?? 0) > now) return 'idle'
      const row = await claimLink(database, target, now, leaseMs)
      if (row === undefined) return 'idle'
      try {
        const came = await carry(desks.get(target)!, targets[target]!, row)
        failures.delete(target)
        await say(row, `${row.attempts} ${now}`, came, now)
        // What they changed goes first; then this is looked at anew.
        if (came.action === 'sync.observed')
          await releaseLink(database, row, { attempts: row.attempts - 1 })
        return 'pushed'
      } catch (error) {
        await afterFailure(row, error, now)
        return 'failed'
      }
    },
    async poll(target, now) {
      const since = await claimPoll(database, target, now, pollEveryMs, leaseMs)
      if (since === undefined) return 0
      const desk = desks.get(target)!
      const minutes = Math.ceil((now - since) / MINUTE_MS) + OVERLAP_MINUTES
      let news = 0
      let polledAt = since
      try {
        for (const remote of await desk.changedWithin(Math.min(minutes, LOOK_BACK_MAX_MINUTES))) {
          const link = await linkOf(target, remote)
          const came = link && (await look(desk, link, remote))
          if (link === undefined || came === undefined) continue
          await say(link, `look ${now}`, came, now)
          news += 1
        }
        polledAt = now
      } finally {
        await endPoll(database, target, polledAt, now + pollEveryMs)
      }
      return news
    },
  }
}
