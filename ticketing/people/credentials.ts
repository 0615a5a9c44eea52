// API tokens and sessions as desk records: only their hashes are ever here or in the log.
import { and, asc, eq, gt, isNull, lt, lte } from 'drizzle-orm'
import { Type } from 'typebox'
import { hash64 } from '../../domain/hash.ts'
import type { Millis } from '../../domain/time.ts'
import type { Command } from '../commands/command.ts'
import { refuse } from '../commands/outcome.ts'
import type { DeskSql } from '../store/database.ts'
import type { Work } from '../work.ts'
import { SessionNamed, SessionOpened, TokenCreated } from './bodies.ts'
import { type ApiTokenRow, apiTokens, type SessionRow, sessions, users } from './tables.ts'

/** A further sign-in ends the user's oldest. */
const SESSIONS_PER_USER_MAX = 20
/** More that could be used at one time are refused. */
const TOKENS_MAX = 1_000

const auditableToken = ({ sha256: _, ...row }: ApiTokenRow) => row

const createToken: Command = {
  body: TokenCreated,
  async apply({ sql: tx }, { id: commandId, actor, at, body }) {
    const { teams = null, ...wanted } = body as TokenCreated
    if (wanted.roles.length === 0 && !wanted.ingest)
      return { outcome: refuse('invalid', 'a token without roles must at least be for ingest') }
    if (teams !== null && wanted.roles.includes('admin'))
      return { outcome: refuse('invalid', 'an admin token cannot be limited to teams') }
    const live = await tx
      .select({ name: apiTokens.name })
      .from(apiTokens)
      .where(and(isNull(apiTokens.revokedAt), gt(apiTokens.expiresAt, at)))
    if (live.length >= TOKENS_MAX)
      return { outcome: refuse('invalid', `there are ${TOKENS_MAX} tokens already`) }
    if (live.some(({ name }) => name === wanted.name))
      return { outcome: refuse('invalid', `there is a token ${wanted.name} already`) }
    const id = `tok-${hash64(commandId)}`
    const row: ApiTokenRow = {
      ...wanted,
      id,
      teams,
      createdBy: actor,
      createdAt: at,
      revokedAt: null,
    }
    await tx.insert(apiTokens).values(row)
    return { outcome: { kind: 'applied', target: id }, before: {}, after: auditableToken(row) }
  },
}

const revokeToken: Command = {
  body: Type.Object({}, { additionalProperties: false }),
  async apply({ sql: tx }, { target, at }) {
    const [row] = await tx.select().from(apiTokens).where(eq(apiTokens.id, target))
    if (row === undefined) return { outcome: refuse('not-found', `there is no token ${target}`) }
    const revokedAt = row.revokedAt ?? at
    await tx.update(apiTokens).set({ revokedAt }).where(eq(apiTokens.id, target))
    return {
      outcome: { kind: 'applied', target },
      before: { name: row.name, revokedAt: row.revokedAt },
      after: { name: row.name, revokedAt },
    }
  },
}

const endOldest = async (tx: DeskSql, userId: string): Promise<void> => {
  const open = await tx
    .select({ id: sessions.id })
    .from(sessions)
    .where(eq(sessions.userId, userId))
    .orderBy(asc(sessions.openedAt), asc(sessions.id))
  for (const { id } of open.slice(0, Math.max(0, open.length - SESSIONS_PER_USER_MAX)))
    await tx.delete(sessions).where(eq(sessions.id, id))
}

const openSession: Command = {
  body: SessionOpened,
  async apply({ sql: tx }, { target, at, body }) {
    const { sha256, via, expiresAt, replaces, address } = body as SessionOpened
    const [user] = await tx.select().from(users).where(eq(users.id, target))
    if (user === undefined || user.disabled)
      return { outcome: refuse('not-found', `${target} may not sign in`) }
    if (replaces !== undefined) await tx.delete(sessions).where(eq(sessions.id, replaces))
    const row: SessionRow = { id: sha256, userId: target, via, openedAt: at, seenAt: at, expiresAt }
    await tx.insert(sessions).values(row).onConflictDoNothing()
    await endOldest(tx, target)
    return {
      outcome: { kind: 'applied', target },
      before: {},
      after: { via, expiresAt, ...(address === undefined ? {} : { address }) },
    }
  },
}

const closeSession: Command = {
  body: SessionNamed,
  async apply({ sql: tx }, { target, body }) {
    const { sha256 } = body as SessionNamed
    const closed = await tx
      .delete(sessions)
      .where(and(eq(sessions.id, sha256), eq(sessions.userId, target)))
      .returning({ openedAt: sessions.openedAt })
    return { outcome: { kind: 'applied', target }, before: { sessions: closed }, after: {} }
  },
}

/** Not audited: that somebody looked is no change. */
const touchSession: Command = {
  body: SessionNamed,
  silent: true,
  async apply({ sql: tx }, { target, at, body }) {
    const { sha256 } = body as SessionNamed
    await tx
      .update(sessions)
      .set({ seenAt: at })
      .where(and(eq(sessions.id, sha256), lt(sessions.seenAt, at)))
    return { outcome: { kind: 'applied', target } }
  },
}

/** Part of the tick. */
export const forgetSessions = async ({ sql: tx }: Work, at: Millis): Promise<void> => {
  await tx.delete(sessions).where(lte(sessions.expiresAt, at))
}

export const credentialCommands = (): [string, Command][] => [
  ['token.create', createToken],
  ['token.revoke', revokeToken],
  ['session.open', openSession],
  ['session.close', closeSession],
  ['session.touch', touchSession],
]
