// From an identity provider's claims to a user: name, roles and teams, as the configuration maps them.
import { USER_NAME } from '../../ticketing/people/names.ts'
import type { PeopleRole } from '../../ticketing/people/roles.ts'
import type { OidcConfig } from '../config/auth-schema.ts'

type Claims = Readonly<Record<string, unknown>>

export interface ClaimedUser {
  readonly name: string
  /** Who it is to the provider: the name may change, this does not. */
  readonly external: string
  readonly displayName: string | null
  readonly email: string | null
  readonly roles: PeopleRole[]
  readonly teams: string[]
  readonly limitedToTeams: boolean
}

const EMAIL = /^[^@\s]{1,200}@[^@\s]{1,53}$/
const LINE_MAX = 200

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, LINE_MAX) : null

/** A claim may be a list or one word. */
const words = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string')

/** Own members only: a claim of `constructor` maps to nothing. */
const mapped = <T>(table: Readonly<Record<string, T>>, value: unknown): T[] => [
  ...new Set(words(value).flatMap((word) => (Object.hasOwn(table, word) ? [table[word]!] : []))),
]

/** @returns the user, or a sentence on why they stay out */
export const userOfClaims = (config: OidcConfig, claims: Claims): ClaimedUser | string => {
  const subject = text(claims.sub)
  const name = text(claims[config.nameClaim])?.toLowerCase() ?? ''
  if (subject === null) return 'The provider did not say who you are (no sub).'
  if (!USER_NAME.test(name))
    return `The provider gave no name that can be used here (claim ${config.nameClaim}).`
  const claimed = mapped(config.roles, claims[config.rolesClaim])
  const roles = claimed.length > 0 ? claimed : config.defaultRole ? [config.defaultRole] : []
  if (roles.length === 0) return 'You have no role here; ask an administrator.'
  const email = text(claims.email)
  return {
    name,
    external: `${config.issuer} ${subject}`.slice(0, LINE_MAX),
    displayName: text(claims.name),
    email: email !== null && EMAIL.test(email) ? email : null,
    roles,
    teams: mapped(config.teams, claims[config.teamsClaim]),
    limitedToTeams: config.limitedToTeams && !roles.includes('admin'),
  }
}
