// Who a request comes from, and what follows from that.
import { createHash, timingSafeEqual } from 'node:crypto'
import { PEOPLE_ROLES, type PeopleRole } from '../../ticketing/people/roles.ts'
import type { ApiTokenRow, SessionRow, UserRow } from '../../ticketing/people/tables.ts'
import type { AuthConfig } from '../config/auth-schema.ts'

export interface Identity {
  /** The name under which what they do is recorded. */
  readonly actor: string
  readonly by: 'nothing' | 'token' | 'session'
  readonly roles: readonly PeopleRole[]
  readonly teams: readonly string[]
  /** Present: only the tickets of these teams. */
  readonly limitedTo?: readonly string[]
  /** May send alerts and changes. */
  readonly ingest: boolean
  readonly displayName?: string
  readonly session?: SessionRow
}

type ConfigToken = AuthConfig['tokens'][number]

export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')

export const LOCAL_ACTOR = 'local'

/** The one user of an open installation on loopback. */
export const LOCAL_IDENTITY: Identity = {
  actor: LOCAL_ACTOR,
  by: 'nothing',
  roles: PEOPLE_ROLES,
  teams: [],
  ingest: true,
}

/** Whoever has shown nothing yet. */
export const NOBODY: Identity = { actor: '', by: 'nothing', roles: [], teams: [], ingest: false }

const ROLES_OF: Readonly<Record<ConfigToken['access'], readonly PeopleRole[]>> = {
  ingest: [],
  read: ['viewer'],
  full: ['admin'],
}

/** Compares with every configured token, whichever matches, so that time tells nothing. */
export const configuredIdentity = (
  tokens: readonly ConfigToken[],
  presented: string,
): Identity | undefined => {
  const hash = createHash('sha256').update(presented).digest()
  let found: ConfigToken | undefined
  for (const token of tokens)
    if (timingSafeEqual(hash, Buffer.from(token.sha256, 'hex'))) found = token
  if (found === undefined) return undefined
  const { name, access } = found
  return { actor: name, by: 'token', roles: ROLES_OF[access], teams: [], ingest: access !== 'read' }
}

export const tokenIdentity = ({ name, roles, teams, ingest }: ApiTokenRow): Identity => ({
  // No user's name has a colon: a token is never taken for a person, e.g. by an approval.
  actor: `token:${name}`,
  by: 'token',
  roles,
  teams: teams ?? [],
  ingest,
  ...(teams === null ? {} : { limitedTo: teams }),
})

export const sessionIdentity = (session: SessionRow, user: UserRow): Identity => ({
  actor: user.id,
  by: 'session',
  roles: user.roles,
  teams: user.teams,
  ingest: user.roles.includes('admin'),
  session,
  ...(user.displayName === null ? {} : { displayName: user.displayName }),
  ...(user.limitedToTeams ? { limitedTo: user.teams } : {}),
})
