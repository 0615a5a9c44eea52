// Users, teams and API tokens over HTTP; passwords and tokens are hashed before anything is sent on.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { DAY_MS, type Millis } from '../../domain/time.ts'
import {
  NewTeam,
  NewToken,
  NewUser,
  TeamUpdate,
  TeamView,
  TokenView,
  UserChanges,
  UserView,
} from '../people/bodies.ts'
import {
  cursorOf,
  type DeskRoutesOptions,
  notFound,
  refuseRequest,
  submitCommand,
} from './context.ts'
import { pageOf } from './schema-parts.ts'
import { ById, queryOf, validatorCompiler } from './validation.ts'

/** Randomness and slow hashes are the runtime's. */
export interface PeopleSecrets {
  hashPassword(password: string): Promise<string>
  /** A new token's text, and its SHA-256 in hex. */
  newToken(): { readonly text: string; readonly sha256: string }
}

export type PeopleRoutesOptions = DeskRoutesOptions & { readonly secrets: PeopleSecrets }

const TOKEN_LIFE_DEFAULT_MS = 90 * DAY_MS
const TOKEN_LIFE_MAX_MS = 366 * DAY_MS

const Paged = queryOf({})
/** The token itself: this answer is the only place where it ever stands. */
const TokenMade = Type.Interface([TokenView], { token: Type.String() })
type TokenMade = Static<typeof TokenMade>

/** Only whoever administers sees how to reach somebody. */
const seesAll = (request: FastifyRequest): boolean => request.administers

const userRoutes = (instance: FastifyInstance, options: PeopleRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { desk, secrets } = options
  const { queries } = desk
  const tags = ['users']

  /** The password as its hash; nothing else changes. */
  const hashed = async <B extends { password?: string }>({ password, ...rest }: B) => ({
    ...rest,
    ...(password === undefined ? {} : { passwordHash: await secrets.hashPassword(password) }),
  })

  app.get(
    '/api/v1/users',
    { schema: { tags, querystring: Paged, response: { 200: pageOf(UserView) } } },
    async (request, reply) => {
      const { limit, cursor } = request.query
      const after = cursorOf(reply, cursor)
      return after === null ? reply : queries.listUsers(seesAll(request), limit, after)
    },
  )

  app.get(
    '/api/v1/users/:id',
    { schema: { tags, params: ById, response: { 200: UserView } } },
    async (request, reply) => {
      const { id } = request.params
      return (await queries.findUser(id, seesAll(request))) ?? notFound(reply, 'user', id)
    },
  )

  app.post('/api/v1/users', { schema: { tags, body: NewUser } }, async (request, reply) => {
    const { name, ...profile } = request.body
    const command = { action: 'user.create', target: name, body: await hashed(profile) }
    return submitCommand(options, request, reply, command, async () => {
      reply.code(201).header('location', `/api/v1/users/${name}`)
      return queries.findUser(name, true)
    })
  })

  app.patch(
    '/api/v1/users/:id',
    { schema: { tags, params: ById, body: UserChanges } },
    async (request, reply) => {
      const { id } = request.params
      const body = await hashed(request.body)
      const command = { action: 'user.update', target: id, body }
      return submitCommand(options, request, reply, command, () => queries.findUser(id, true))
    },
  )
}

const teamRoutes = (instance: FastifyInstance, options: PeopleRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { queries } = options.desk
  const tags = ['users']
  const find = async (id: string) => (await queries.listTeams()).find((team) => team.id === id)

  app.get('/api/v1/teams', { schema: { tags, response: { 200: pageOf(TeamView) } } }, async () => ({
    items: await queries.listTeams(),
  }))

  app.post('/api/v1/teams', { schema: { tags, body: NewTeam } }, async (request, reply) => {
    const { id } = request.body
    const command = { action: 'team.create', target: id }
    return submitCommand(options, request, reply, command, async () => {
      reply.code(201)
      return find(id)
    })
  })

  app.patch(
    '/api/v1/teams/:id',
    { schema: { tags, params: ById, body: TeamUpdate } },
    async (request, reply) => {
      const { id } = request.params
      const command = { action: 'team.update', target: id }
      return submitCommand(options, request, reply, command, () => find(id))
    },
  )
}

/** @returns undefined where the wanted time is not between now and the longest life */
const expiryOf = (wanted: string | undefined, now: Millis): Millis | undefined => {
  const at = wanted === undefined ? now + TOKEN_LIFE_DEFAULT_MS : Date.parse(wanted)
  return at > now && at <= now + TOKEN_LIFE_MAX_MS ? at : undefined
}

const tokenRoutes = (instance: FastifyInstance, options: PeopleRoutesOptions): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const { desk, secrets, clock } = options
  const { queries } = desk
  const tags = ['tokens']

  app.get(
    '/api/v1/tokens',
    { schema: { tags, querystring: Paged, response: { 200: pageOf(TokenView) } } },
    async ({ query: { limit, cursor } }, reply) => {
      const after = cursorOf(reply, cursor)
      return after === null ? reply : queries.listTokens(limit, after)
    },
  )

  app.post(
    '/api/v1/tokens',
    { schema: { tags, body: NewToken, response: { 201: TokenMade } } },
    async (request, reply) => {
      const { expiresAt: wanted, ingest = false, ...rest } = request.body
      const expiresAt = expiryOf(wanted, clock.now())
      if (expiresAt === undefined)
        return refuseRequest(reply, 422, 'invalid', 'expiresAt must lie within a year from now')
      const { text, sha256 } = secrets.newToken()
      const body = { ...rest, ingest, expiresAt, sha256 }
      const command = { action: 'token.create', target: 'tokens', body }
      return submitCommand(options, request, reply, command, async ({ target }) => {
        reply.code(201).header('cache-control', 'no-store')
        return { ...(await queries.findToken(target)), token: text }
      }) as Promise<TokenMade>
    },
  )

  app.delete(
    '/api/v1/tokens/:id',
    { schema: { tags, params: ById, summary: 'Revoke it' } },
    async (request, reply) => {
      const { id } = request.params
      const command = { action: 'token.revoke', target: id, body: {} }
      return submitCommand(options, request, reply, command, () => queries.findToken(id))
    },
  )
}

export const peopleRoutes =
  (options: PeopleRoutesOptions): FastifyPluginAsync =>
  async (app) => {
    app.setValidatorCompiler(validatorCompiler)
    userRoutes(app, options)
    teamRoutes(app, options)
    tokenRoutes(app, options)
  }
