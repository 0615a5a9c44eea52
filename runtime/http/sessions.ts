// Signing in and out: a new secret at each sign-in, its hash to the desk, itself into the cookie.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../domain/time.ts'
import type { Submit } from '../../ticketing/commands/gate.ts'
import type { UserRow } from '../../ticketing/people/tables.ts'
import type { DeskQueries } from '../../ticketing/queries.ts'
import type { Config } from '../config/schema.ts'
import type { Logger } from '../observe/logger.ts'
import { sha256Hex } from './identity.ts'
import type { Lockout } from './lockout.ts'
import type { Passwords } from './passwords.ts'
import type { PeopleDoor } from './people-door.ts'
import { sendProblem } from './problem.ts'
import { newSessionSecret } from './secrets.ts'
import type { CookieNames } from './session-cookies.ts'

/** What everything about signing in is given. */
export interface SignInParts {
  readonly config: Config
  readonly queries: DeskQueries
  readonly submit: Submit
  readonly clock: Clock
  readonly logger: Logger
  readonly people: PeopleDoor
  readonly passwords: Passwords
  readonly lockout: Lockout
  readonly cookies: CookieNames
  /** Unique over all processes. */
  newId(): string
}

const SECOND_MS = 1_000

const oldSession = (parts: SignInParts, request: FastifyRequest): string | undefined => {
  const cookie = request.cookies[parts.cookies.session]
  return cookie === undefined ? undefined : sha256Hex(cookie)
}

/** Sends a command of ours; the caller's Idempotency-Key has no say in it. */
export const command = (
  { submit, clock, newId }: SignInParts,
  user: string,
  action: string,
  body: Readonly<Record<string, unknown>>,
) => submit({ id: newId(), at: clock.now(), actor: user, action, target: user, body })

/**
 * Opens a session under a secret that nobody has seen before, in place of the one shown: whoever
 * planted a cookie in this browser does not come in with it (session fixation).
 * @returns false where the desk did not take it: the reply is made
 */
export const openSession = async (
  parts: SignInParts,
  request: FastifyRequest,
  reply: FastifyReply,
  user: UserRow,
  via: 'password' | 'oidc',
): Promise<boolean> => {
  const { clock, config, cookies } = parts
  const secret = newSessionSecret()
  const { absoluteMs } = config.auth.sessions
  const replaces = oldSession(parts, request)
  const result = await command(parts, user.id, 'session.open', {
    sha256: secret.sha256,
    via,
    expiresAt: clock.now() + absoluteMs,
    address: request.ip,
    ...(replaces === undefined ? {} : { replaces }),
  })
  if (result.kind !== 'applied') {
    sendProblem(reply, 503, 'busy', 'The desk did not take the sign-in in time; try again.')
    return false
  }
  reply.setCookie(cookies.session, secret.text, {
    ...cookies.flags,
    maxAge: Math.floor(absoluteMs / SECOND_MS),
  })
  return true
}

export const closeSession = async (
  parts: SignInParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> => {
  const { session, actor } = request.identity
  if (session !== undefined) await command(parts, actor, 'session.close', { sha256: session.id })
  reply.clearCookie(parts.cookies.session, parts.cookies.flags)
}
