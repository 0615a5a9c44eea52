// What commands about people carry, and what the API shows of them.
import { type Static, Type } from 'typebox'
import { Time } from '../api/schema-parts.ts'
import { PASSWORD_LENGTH_MIN, USER_NAME } from './names.ts'
import { PEOPLE_ROLES } from './roles.ts'

const TEAMS_MAX = 100
const LINE_MAX = 200
const EMAIL_MAX = 254

const closed = <P extends Type.TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

const UserName = Type.String({ pattern: USER_NAME.source })
const TeamName = Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\u0000-\\u001f]+$' })
const Line = Type.String({ minLength: 1, maxLength: LINE_MAX })
const Email = Type.String({ maxLength: EMAIL_MAX, pattern: '^[^@\\s]+@[^@\\s]+$' })
const Roles = Type.Array(Type.Enum([...PEOPLE_ROLES]), { minItems: 1, uniqueItems: true })
const Teams = Type.Array(TeamName, { maxItems: TEAMS_MAX, uniqueItems: true })
const orNone = <T extends Type.TSchema>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]))
/** Only ever a hash: the edge makes it before anything reaches the log. */
const PasswordHash = Type.String({ pattern: '^\\$scrypt\\$', maxLength: 400 })
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })

const profile = {
  displayName: orNone(Line),
  email: orNone(Email),
  teams: Type.Optional(Teams),
  limitedToTeams: Type.Optional(Type.Boolean()),
}

export const UserCreated = closed({
  ...profile,
  roles: Roles,
  passwordHash: Type.Optional(PasswordHash),
})
export type UserCreated = Static<typeof UserCreated>

export const UserUpdated = closed({
  ...profile,
  roles: Type.Optional(Roles),
  disabled: Type.Optional(Type.Boolean()),
  passwordHash: Type.Optional(PasswordHash),
})
export type UserUpdated = Static<typeof UserUpdated>

export const UserPassword = closed({
  passwordHash: PasswordHash,
  /** The session that asked for it stays; the user's others end. */
  keepSession: Type.Optional(Sha256),
})
export type UserPassword = Static<typeof UserPassword>

export const UserProvisioned = closed({ ...profile, roles: Roles, external: Line })
export type UserProvisioned = Static<typeof UserProvisioned>

export const TokenCreated = closed({
  name: Line,
  sha256: Sha256,
  roles: Type.Array(Type.Enum([...PEOPLE_ROLES]), { uniqueItems: true }),
  teams: Type.Optional(Teams),
  ingest: Type.Boolean(),
  expiresAt: Type.Integer(),
})
export type TokenCreated = Static<typeof TokenCreated>

export const SessionOpened = closed({
  sha256: Sha256,
  via: Type.Enum(['password', 'oidc']),
  expiresAt: Type.Integer(),
  /** A session that this one takes the place of. */
  replaces: Type.Optional(Sha256),
  address: Type.Optional(Line),
})
export type SessionOpened = Static<typeof SessionOpened>

export const SessionNamed = closed({ sha256: Sha256 })
export type SessionNamed = Static<typeof SessionNamed>

export const NewTeam = closed({ id: TeamName, title: Line })
export type NewTeam = Static<typeof NewTeam>
export const TeamUpdate = closed({
  title: Type.Optional(Line),
  retired: Type.Optional(Type.Boolean()),
})
export type TeamUpdate = Static<typeof TeamUpdate>

/** Endless ones are work for nothing. */
const PASSWORD_LENGTH_MAX = 256
export const Password = Type.String({
  minLength: PASSWORD_LENGTH_MIN,
  maxLength: PASSWORD_LENGTH_MAX,
})

/** What the API takes: with a password where the command has its hash. */
const secret = { password: Type.Optional(Password) }
export const NewUser = closed({ name: UserName, ...profile, roles: Roles, ...secret })
export type NewUser = Static<typeof NewUser>
export const UserChanges = closed({
  ...profile,
  roles: Type.Optional(Roles),
  disabled: Type.Optional(Type.Boolean()),
  ...secret,
})
export type UserChanges = Static<typeof UserChanges>
export const NewToken = closed({
  name: Line,
  roles: Type.Array(Type.Enum([...PEOPLE_ROLES]), { uniqueItems: true }),
  teams: Type.Optional(Teams),
  ingest: Type.Optional(Type.Boolean()),
  /** Default 90 days from now, at most a year. */
  expiresAt: Type.Optional(Type.String({ format: 'date-time' })),
})
export type NewToken = Static<typeof NewToken>

const Names = Type.Array(Type.String())
export const UserView = Type.Object({
  name: Type.String(),
  displayName: Type.Optional(Type.String()),
  /** For admins' eyes. */
  email: Type.Optional(Type.String()),
  roles: Names,
  teams: Names,
  limitedToTeams: Type.Boolean(),
  signsInBy: Type.Enum(['password', 'oidc', 'nothing']),
  disabled: Type.Boolean(),
  createdAt: Time,
  version: Type.Integer(),
})
export type UserView = Static<typeof UserView>

export const TeamView = Type.Object({
  id: Type.String(),
  title: Type.String(),
  retired: Type.Boolean(),
  members: Names,
  version: Type.Integer(),
})
export type TeamView = Static<typeof TeamView>

export const TokenView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  roles: Names,
  /** Absent = of every team. */
  teams: Type.Optional(Names),
  ingest: Type.Boolean(),
  createdBy: Type.String(),
  createdAt: Time,
  expiresAt: Time,
  revokedAt: Type.Optional(Time),
})
export type TokenView = Static<typeof TokenView>
