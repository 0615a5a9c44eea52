// Asking for people: lists for admins, and the look-ups that decide who a request comes from.
import { and, asc, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import { isoTime, type Millis } from '../../domain/time.ts'
import type { Page } from '../api/schemas.ts'
import { type Keyset, toPage } from '../cursor.ts'
import { present, timeOrNone } from '../incidents/views.ts'
import type { DeskSql } from '../store/database.ts'
import type { TeamView, TokenView, UserView } from './bodies.ts'
import {
  type ApiTokenRow,
  apiTokens,
  type SessionRow,
  sessions,
  teams,
  type UserRow,
  users,
} from './tables.ts'

const signsInBy = ({ passwordHash, external }: UserRow): UserView['signsInBy'] => {
  if (external !== null) return 'oidc'
  return passwordHash === null ? 'nothing' : 'password'
}

/** @param whole with what only admins see */
const userView = (row: UserRow, whole: boolean): UserView => ({
  name: row.id,
  roles: [...row.roles],
  teams: [...row.teams],
  limitedToTeams: row.limitedToTeams,
  signsInBy: signsInBy(row),
  disabled: row.disabled,
  createdAt: isoTime(row.createdAt),
  version: row.version,
  ...present({ displayName: row.displayName, email: whole ? row.email : null }),
})

const tokenView = (row: ApiTokenRow): TokenView => ({
  id: row.id,
  name: row.name,
  roles: [...row.roles],
  ingest: row.ingest,
  createdBy: row.createdBy,
  createdAt: isoTime(row.createdAt),
  expiresAt: isoTime(row.expiresAt),
  ...present({ teams: row.teams && [...row.teams], revokedAt: timeOrNone(row.revokedAt) }),
})

export const peopleQueries = (database: DeskSql) => ({
  /** By name. */
  async listUsers(whole: boolean, limit: number, after?: Keyset): Promise<Page<UserView>> {
    const rows = await database
      .select()
      .from(users)
      .where(after && gt(users.id, after.id))
      .orderBy(asc(users.id))
      .limit(limit + 1)
    return toPage(
      rows,
      limit,
      (row) => userView(row, whole),
      ({ id }) => ({ key: 0, id }),
    )
  },

  async findUser(id: string, whole: boolean): Promise<UserView | undefined> {
    const [row] = await database.select().from(users).where(eq(users.id, id))
    return row && userView(row, whole)
  },

  async listTeams(): Promise<TeamView[]> {
    const rows = await database.select().from(teams).orderBy(asc(teams.id))
    const people = await database
      .select({ id: users.id, teams: users.teams })
      .from(users)
      .where(eq(users.disabled, false))
      .orderBy(asc(users.id))
    return rows.map((row) => ({
      ...row,
      members: people.filter((person) => person.teams.includes(row.id)).map(({ id }) => id),
    }))
  },

  /** Newest first, those that are over included. */
  async listTokens(limit: number, after?: Keyset): Promise<Page<TokenView>> {
    const rows = await database
      .select()
      .from(apiTokens)
      .where(after && sql`(${apiTokens.createdAt}, ${apiTokens.id}) < (${after.key}, ${after.id})`)
      .orderBy(desc(apiTokens.createdAt), desc(apiTokens.id))
      .limit(limit + 1)
    return toPage(rows, limit, tokenView, ({ createdAt, id }) => ({ key: createdAt, id }))
  },

  async findToken(id: string): Promise<TokenView | undefined> {
    const [row] = await database.select().from(apiTokens).where(eq(apiTokens.id, id))
    return row && tokenView(row)
  },
})

/** What decides who a request comes from. */
export const credentialQueries = (database: DeskSql) => ({
  /** For signing in: with the password's hash, which no view has. */
  async userRow(id: string): Promise<UserRow | undefined> {
    return (await database.select().from(users).where(eq(users.id, id)))[0]
  },

  async userOfExternal(external: string): Promise<UserRow | undefined> {
    return (await database.select().from(users).where(eq(users.external, external)))[0]
  },

  /** A token that may be used now. */
  async liveToken(sha256: string, now: Millis): Promise<ApiTokenRow | undefined> {
    const live = and(isNull(apiTokens.revokedAt), gt(apiTokens.expiresAt, now))
    return (
      await database
        .select()
        .from(apiTokens)
        .where(and(eq(apiTokens.sha256, sha256), live))
    )[0]
  },

  /** A session that may go on now, and whose it is. */
  async liveSession(
    sha256: string,
    now: Millis,
    idleMs: Millis,
  ): Promise<{ session: SessionRow; user: UserRow } | undefined> {
    const [found] = await database
      .select({ session: sessions, user: users })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(
        and(
          eq(sessions.id, sha256),
          gt(sessions.expiresAt, now),
          gt(sessions.seenAt, now - idleMs),
          eq(users.disabled, false),
        ),
      )
    return found
  },

  /** Is there anybody who could let others in? */
  async hasAdmin(): Promise<boolean> {
    const [row] = await database
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.disabled, false), sql`${users.roles} @> '["admin"]'`))
      .limit(1)
    return row !== undefined
  },
})
