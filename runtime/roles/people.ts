// Wires people to the ticketing role: who a request comes from, signing in, users and tokens.
import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsync } from 'fastify'
import type { CommandRecord } from '../../domain/records.ts'
import type { DeskRoutesOptions } from '../../ticketing/api/context.ts'
import { peopleRoutes } from '../../ticketing/api/people.ts'
import type { Desk } from '../../ticketing/desk.ts'
import { createOidcProvider } from '../adapters/oidc.ts'
import { createLockout } from '../http/lockout.ts'
import { oidcRoutes } from '../http/oidc-routes.ts'
import { createPasswords } from '../http/passwords.ts'
import { createPeopleDoor, type PeopleDoor } from '../http/people-door.ts'
import { newApiToken } from '../http/secrets.ts'
import { cookieNames } from '../http/session-cookies.ts'
import { sessionRoutes } from '../http/session-routes.ts'
import type { SignInParts } from '../http/sessions.ts'
import type { RoleContext } from './role.ts'

export const openPeople = (
  { config, clock, logger }: RoleContext,
  desk: Desk,
  routes: DeskRoutesOptions,
  append: (command: CommandRecord) => Promise<void>,
): { people: PeopleDoor; routes: FastifyPluginAsync[] } => {
  const { auth } = config
  const { queries } = desk
  const touch = (userId: string, sha256: string): void => {
    const at = clock.now()
    const body = { sha256 }
    const action = 'session.touch'
    append({ id: randomUUID(), at, actor: userId, action, target: userId, body }).catch((error) =>
      logger.warn({ err: error }, 'could not write down that a session is in use'),
    )
  }
  const people = createPeopleDoor({ queries, clock, sessions: auth.sessions, touch })
  desk.onApplied(people.forget)
  const passwords = createPasswords(auth.passwords)
  const parts: SignInParts = {
    config,
    queries,
    submit: routes.submit,
    clock,
    logger,
    people,
    passwords,
    lockout: createLockout(auth.signIn, clock),
    cookies: cookieNames(config),
    newId: randomUUID,
  }
  const secrets = { hashPassword: passwords.hash, newToken: newApiToken }
  return {
    people,
    routes: [
      peopleRoutes({ ...routes, secrets }),
      sessionRoutes(parts),
      ...(auth.oidc === undefined
        ? []
        : [oidcRoutes(parts, createOidcProvider(auth.oidc), auth.oidc)]),
    ],
  }
}
