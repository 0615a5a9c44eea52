// Users and teams as desk records: made, changed and disabled by commands, never deleted.
import { and, eq, ne, sql } from 'drizzle-orm'
import type { CommandRecord } from '../../domain/records.ts'
import { type Command, type Done, difference } from '../commands/command.ts'
import { type Refusal, refuse } from '../commands/outcome.ts'
import type { DeskSql } from '../store/database.ts'
import {
  NewTeam,
  TeamUpdate,
  UserCreated,
  UserPassword,
  UserProvisioned,
  UserUpdated,
} from './bodies.ts'
import { sessions, type TeamRow, teams, type UserRow, users } from './tables.ts'

/** What the audit log shows of a user: of the password only that it is another one. */
const auditable = ({ passwordHash, ...row }: UserRow) => ({
  ...row,
  password: passwordHash === null ? null : `set, mark ${passwordHash.slice(-6)}`,
})

const read = async (tx: DeskSql, id: string): Promise<UserRow | undefined> =>
  (await tx.select().from(users).where(eq(users.id, id)))[0]

const isActiveAdmin = ({ roles, disabled }: UserRow): boolean =>
  roles.includes('admin') && !disabled

/** Without an admin nobody could let anybody in, and an open installation would open again. */
const objection = async (tx: DeskSql, before: UserRow | undefined, after: UserRow) => {
  if (after.limitedToTeams && after.roles.includes('admin'))
    return refuse('invalid', 'an admin cannot be limited to teams')
  if (after.limitedToTeams && after.teams.length === 0)
    return refuse('invalid', 'limited to teams, but of no team')
  if (before === undefined || !isActiveAdmin(before) || isActiveAdmin(after)) return undefined
  const [other] = await tx
    .select({ id: users.id })
    .from(users)
    .where(
      and(ne(users.id, after.id), eq(users.disabled, false), sql`${users.roles} @> '["admin"]'`),
    )
    .limit(1)
  return other === undefined ? refuse('invalid', `${after.id} is the last admin`) : undefined
}

const endSessions = (tx: DeskSql, userId: string, keep = '') =>
  tx.delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.id, keep)))

const write = async (
  tx: DeskSql,
  before: UserRow | undefined,
  after: UserRow,
): Promise<Done | { outcome: Refusal }> => {
  const refusal = await objection(tx, before, after)
  if (refusal !== undefined) return { outcome: refusal }
  const { id, ...rest } = after
  await tx.insert(users).values(after).onConflictDoUpdate({ target: users.id, set: rest })
  return {
    outcome: { kind: 'applied', target: id, version: after.version },
    ...difference(before === undefined ? {} : auditable(before), auditable(after)),
  }
}

const newUser = (id: string, at: number, roles: UserRow['roles']): UserRow => ({
  id,
  displayName: null,
  email: null,
  roles,
  teams: [],
  limitedToTeams: false,
  passwordHash: null,
  external: null,
  disabled: false,
  createdAt: at,
  version: 1,
})

/** Members that are absent stay as they are. */
const given = <T extends object>(members: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Partial<T>

const create: Command = {
  body: UserCreated,
  async apply({ sql: tx }, { target, at, body }) {
    if ((await read(tx, target)) !== undefined)
      return { outcome: refuse('invalid', `there is a user ${target} already`) }
    const wanted = body as UserCreated
    return write(tx, undefined, { ...newUser(target, at, wanted.roles), ...given(wanted) })
  },
}

const withUser = async (
  tx: DeskSql,
  { target, ifVersion }: CommandRecord,
  change: (row: UserRow) => UserRow,
): Promise<Done> => {
  const row = await read(tx, target)
  if (row === undefined) return { outcome: refuse('not-found', `there is no user ${target}`) }
  const { version } = row
  if (ifVersion !== undefined && ifVersion !== version)
    return {
      outcome: refuse('version-conflict', `${target} has moved on to version ${version}`, {
        version,
      }),
    }
  return write(tx, row, { ...change(row), version: version + 1 })
}

const update: Command = {
  body: UserUpdated,
  async apply({ sql: tx }, command) {
    const wanted = command.body as UserUpdated
    const done = await withUser(tx, command, (row) => ({ ...row, ...given(wanted) }))
    const ends = wanted.passwordHash !== undefined || wanted.disabled === true
    if (done.outcome.kind === 'applied' && ends) await endSessions(tx, command.target)
    return done
  },
}

/** One's own password: whoever else is signed in with the old one is signed out. */
const changePassword: Command = {
  body: UserPassword,
  async apply({ sql: tx }, command) {
    const { passwordHash, keepSession } = command.body as UserPassword
    const done = await withUser(tx, command, (row) => ({ ...row, passwordHash }))
    if (done.outcome.kind === 'applied') await endSessions(tx, command.target, keepSession)
    return done
  },
}

/** Whoever an identity provider vouches for; never takes over a user that it did not make. */
const provision: Command = {
  body: UserProvisioned,
  async apply({ sql: tx }, command) {
    const { target, at } = command
    const wanted = command.body as UserProvisioned
    const row = await read(tx, target)
    if (row === undefined)
      return write(tx, undefined, { ...newUser(target, at, wanted.roles), ...given(wanted) })
    if (row.external !== wanted.external)
      return { outcome: refuse('invalid', `the name ${target} belongs to somebody else`) }
    return withUser(tx, command, (before) => ({ ...before, ...given(wanted) }))
  },
}

const readTeam = async (tx: DeskSql, id: string): Promise<TeamRow | undefined> =>
  (await tx.select().from(teams).where(eq(teams.id, id)))[0]

const createTeam: Command = {
  body: NewTeam,
  async apply({ sql: tx }, { body }) {
    const { id, title } = body as NewTeam
    if ((await readTeam(tx, id)) !== undefined)
      return { outcome: refuse('invalid', `there is a team ${id} already`) }
    const row: TeamRow = { id, title, retired: false, version: 1 }
    await tx.insert(teams).values(row)
    return { outcome: { kind: 'applied', target: id, version: 1 }, before: {}, after: row }
  },
}

const updateTeam: Command = {
  body: TeamUpdate,
  async apply({ sql: tx }, { target, body }) {
    const row = await readTeam(tx, target)
    if (row === undefined) return { outcome: refuse('not-found', `there is no team ${target}`) }
    const after: TeamRow = { ...row, ...given(body as TeamUpdate), version: row.version + 1 }
    await tx.update(teams).set(after).where(eq(teams.id, target))
    return {
      outcome: { kind: 'applied', target, version: after.version },
      ...difference(row, after),
    }
  },
}

export const userCommands = (): [string, Command][] => [
  ['user.create', create],
  ['user.update', update],
  ['user.change-password', changePassword],
  ['user.provision', provision],
  ['team.create', createTeam],
  ['team.update', updateTeam],
]
