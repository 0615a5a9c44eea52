// Looks up whose token or session a request shows; what it found holds for a moment.
import type { Clock, Millis } from '../../domain/time.ts'
import type { DeskQueries } from '../../ticketing/queries.ts'
import type { AuthConfig } from '../config/auth-schema.ts'
import { type Identity, sessionIdentity, sha256Hex, tokenIdentity } from './identity.ts'
import { isApiToken } from './secrets.ts'

export interface PeopleDoor {
  byToken(presented: string): Promise<Identity | undefined>
  bySession(cookie: string): Promise<Identity | undefined>
  /** True once somebody could sign in and let others in: then nobody comes in unnamed. */
  closed(): Promise<boolean>
  /** A command was applied here: what is remembered may not hold any more. */
  forget(): void
}

export interface PeopleDoorOptions {
  readonly queries: Pick<DeskQueries, 'liveToken' | 'liveSession' | 'hasAdmin'>
  readonly clock: Clock
  readonly sessions: AuthConfig['sessions']
  /** Writes down that a session is in use; nobody waits for it. */
  touch(userId: string, sha256: string): void
}

/** Another process may have revoked a token: senders' tokens are asked for this often. */
const REMEMBERED_MS: Millis = 2_000
const REMEMBERED_MAX = 1_000

export const createPeopleDoor = (options: PeopleDoorOptions): PeopleDoor => {
  const { queries, clock, sessions, touch } = options
  const tokens = new Map<string, { identity: Identity; until: Millis }>()
  const touched = new Map<string, Millis>()
  let closed = { is: false, until: 0, known: false }

  const remember = (sha256: string, identity: Identity, until: Millis): Identity => {
    if (tokens.size >= REMEMBERED_MAX) tokens.clear()
    tokens.set(sha256, { identity, until })
    return identity
  }

  /** Written down once per `touchMs` and process, however many requests come. */
  const touchNow = (userId: string, sha256: string, seenAt: Millis, now: Millis): void => {
    const last = Math.max(seenAt, touched.get(sha256) ?? 0)
    if (now - last < Math.min(sessions.touchMs, sessions.idleMs / 2)) return
    if (touched.size >= REMEMBERED_MAX) touched.clear()
    touched.set(sha256, now)
    touch(userId, sha256)
  }

  return {
    async byToken(presented) {
      if (!isApiToken(presented)) return undefined
      const now = clock.now()
      const sha256 = sha256Hex(presented)
      const known = tokens.get(sha256)
      if (known !== undefined && now < known.until) return known.identity
      const row = await queries.liveToken(sha256, now)
      if (row === undefined) return undefined
      return remember(sha256, tokenIdentity(row), Math.min(now + REMEMBERED_MS, row.expiresAt))
    },

    async bySession(cookie) {
      const now = clock.now()
      const sha256 = sha256Hex(cookie)
      const found = await queries.liveSession(sha256, now, sessions.idleMs)
      if (found === undefined) return undefined
      touchNow(found.user.id, sha256, found.session.seenAt, now)
      return sessionIdentity(found.session, found.user)
    },

    async closed() {
      const now = clock.now()
      // The last admin cannot be taken away, so once closed means closed.
      if (closed.is || now < closed.until) return closed.is
      try {
        closed = { is: await queries.hasAdmin(), until: now + REMEMBERED_MS, known: true }
      } catch (error) {
        // Senders must not depend on the store: while it is away, what held before holds.
        if (!closed.known) throw error
      }
      return closed.is
    },

    forget() {
      tokens.clear()
      closed = { ...closed, until: 0 }
    },
  }
}
