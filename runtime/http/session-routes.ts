// Who am I, sign in, sign out, another password.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { isoTime } from '../../domain/time.ts'
import { validatorCompiler } from '../../ticketing/api/validation.ts'
import { Password } from '../../ticketing/people/bodies.ts'
import { USER_NAME } from '../../ticketing/people/names.ts'
import { isOpen } from './access.ts'
import { BusyError } from './passwords.ts'
import { sendProblem } from './problem.ts'
import { closeSession, command, openSession, type SignInParts } from './sessions.ts'

const Names = Type.Array(Type.String())
const SessionView = Type.Object(
  {
    authenticated: Type.Boolean(),
    actor: Type.Optional(Type.String()),
    displayName: Type.Optional(Type.String()),
    by: Type.Optional(Type.Enum(['nothing', 'token', 'session'])),
    roles: Names,
    teams: Names,
    limitedToTeams: Type.Boolean(),
    expiresAt: Type.Optional(Type.String({ format: 'date-time' })),
    /** `open`: a single user's tool on loopback, where everybody may do everything. */
    mode: Type.Enum(['open', 'closed']),
    signIn: Type.Object({
      password: Type.Boolean(),
      oidc: Type.Optional(Type.Object({ title: Type.String(), path: Type.String() })),
    }),
  },
  { $id: 'Session' },
)

const closed = <P extends Type.TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

/** Any text may be tried: what is no name or no password is simply wrong. */
const Credentials = closed({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  password: Type.String({ minLength: 1, maxLength: 1_024 }),
})
const PasswordChange = closed({
  current: Type.String({ minLength: 1, maxLength: 1_024 }),
  password: Password,
})

const tags = ['session']

const whoAmI = async (parts: SignInParts, { identity }: FastifyRequest) => {
  const { auth } = parts.config
  const { actor, displayName, by, roles, teams, limitedTo, session } = identity
  const open = await isOpen({ auth, people: parts.people, cookie: parts.cookies.session })
  return {
    authenticated: actor !== '',
    ...(actor === '' ? {} : { actor, by }),
    ...(displayName === undefined ? {} : { displayName }),
    roles: [...roles],
    teams: [...teams],
    limitedToTeams: limitedTo !== undefined,
    ...(session === undefined ? {} : { expiresAt: isoTime(session.expiresAt) }),
    mode: open ? ('open' as const) : ('closed' as const),
    signIn: {
      password: await parts.people.closed(),
      ...(auth.oidc === undefined
        ? {}
        : { oidc: { title: auth.oidc.title, path: '/auth/oidc/start' } }),
    },
  }
}

const refuseGuess = (reply: FastifyReply): FastifyReply =>
  sendProblem(reply, 401, 'wrong-credentials', 'The name or the password is wrong.')

const refuseForAWhile = (reply: FastifyReply, waitMs: number): FastifyReply => {
  reply.header('retry-after', String(Math.ceil(waitMs / 1_000)))
  return sendProblem(reply, 429, 'too-many-attempts', 'Too many wrong passwords; try again later.')
}

const refuseBusy = (reply: FastifyReply): FastifyReply => {
  reply.header('retry-after', '2')
  return sendProblem(reply, 503, 'busy', 'Too many sign-ins at one time.')
}

/** Whether name and password fit, at the cost of one hash whatever the name. */
const check = async (
  parts: SignInParts,
  reply: FastifyReply,
  address: string,
  name: string,
  password: string,
) => {
  const { lockout, queries, passwords, logger } = parts
  const waitMs = lockout.begin(name, address)
  if (waitMs > 0) {
    refuseForAWhile(reply, waitMs)
    return undefined
  }
  const user = USER_NAME.test(name) ? await queries.userRow(name) : undefined
  try {
    const fits = await passwords.verify(password, user?.passwordHash)
    if (fits && user !== undefined && !user.disabled) {
      lockout.succeeded(name, address)
      return user
    }
  } catch (error) {
    if (!(error instanceof BusyError)) throw error
    refuseBusy(reply)
    return undefined
  }
  // An unknown name is not written down: people type passwords there.
  logger.warn({ address, user: user?.id ?? 'unknown' }, 'a sign-in failed')
  refuseGuess(reply)
  return undefined
}

export const sessionRoutes =
  (parts: SignInParts): FastifyPluginAsync =>
  async (instance) => {
    const app = instance.withTypeProvider<TypeBoxTypeProvider>()
    app.setValidatorCompiler(validatorCompiler)
    const response = { 200: SessionView }

    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store')
    })

    app.get(
      '/api/v1/session',
      { schema: { tags, summary: 'Who am I, and how do I sign in?', response } },
      (request) => whoAmI(parts, request),
    )

    app.post(
      '/api/v1/session',
      { schema: { tags, summary: 'Sign in', body: Credentials, response } },
      async (request, reply) => {
        const { name, password } = request.body
        const user = await check(parts, reply, request.ip, name.trim().toLowerCase(), password)
        if (user === undefined) return reply
        const row = { ...user }
        if (!(await openSession(parts, request, reply, row, 'password'))) return reply
        request.identity = { ...signedIn(row), by: 'session' }
        return whoAmI(parts, request)
      },
    )

    app.delete(
      '/api/v1/session',
      { schema: { tags, summary: 'Sign out' } },
      async (request, reply) => {
        await closeSession(parts, request, reply)
        return reply.code(204).send()
      },
    )

    app.post(
      '/api/v1/session/password',
      { schema: { tags, summary: 'Another password of one’s own', body: PasswordChange } },
      async (request, reply) => {
        const { session, actor } = request.identity
        if (session === undefined)
          return sendProblem(reply, 403, 'forbidden', 'Only who signed in has a password.')
        const user = await check(parts, reply, request.ip, actor, request.body.current)
        if (user === undefined) return reply
        const passwordHash = await parts.passwords.hash(request.body.password)
        const body = { passwordHash, keepSession: session.id }
        const { kind } = await command(parts, actor, 'user.change-password', body)
        if (kind !== 'applied') return refuseBusy(reply)
        return reply.code(204).send()
      },
    )
  }

const signedIn = (user: Parameters<typeof openSession>[3]) => ({
  actor: user.id,
  roles: user.roles,
  teams: user.teams,
  ingest: false,
  ...(user.displayName === null ? {} : { displayName: user.displayName }),
  ...(user.limitedToTeams ? { limitedTo: user.teams } : {}),
})
