// Who may call what: identity, role and team limit of each request, and no foreign page behind it.
import { fastifyCookie } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AuthConfig } from '../config/auth-schema.ts'
import { configuredIdentity, type Identity, LOCAL_IDENTITY, NOBODY } from './identity.ts'
import type { PeopleDoor } from './people-door.ts'
import { permissionOf } from './permissions.ts'
import { sendProblem } from './problem.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks: a user's or token's name, or `local` on an open loopback installation. */
    actor: string
    identity: Identity
  }
}

/** What access is decided from. */
export interface Access {
  readonly auth: Pick<AuthConfig, 'tokens' | 'required' | 'oidc'>
  /** Tokens and sessions of the desk; absent where another process has the desk. */
  readonly people?: PeopleDoor
  /** The session cookie's name. */
  readonly cookie: string
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/

export const isLoopback = (host: string): boolean => LOOPBACK.test(host)

/** Has the configuration said that whoever comes must show something? */
export const authConfigured = ({ tokens, required, oidc }: Access['auth']): boolean =>
  tokens.length > 0 || required || oidc !== undefined

/** Nobody can be told from anybody: a tool for the one user of this machine. */
export const isOpen = async ({ auth, people }: Access): Promise<boolean> =>
  !authConfigured(auth) && !(await people?.closed())

/** Bearer, GenieKey or Token as such; Basic carries the token as its password. */
export const presentedToken = (authorization: string | undefined): string | undefined => {
  const [scheme, value] = (authorization ?? '').split(/\s+/, 2)
  if (scheme === undefined || value === undefined) return undefined
  if (/^(bearer|geniekey|token)$/i.test(scheme)) return value
  if (!/^basic$/i.test(scheme)) return undefined
  const pair = Buffer.from(value, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}

/** @returns undefined where the request shows nothing, or nothing that holds */
const identify = async (
  { auth, people, cookie }: Access,
  request: FastifyRequest,
): Promise<Identity | undefined> => {
  const presented = presentedToken(request.headers.authorization)
  if (presented !== undefined)
    return configuredIdentity(auth.tokens, presented) ?? (await people?.byToken(presented))
  const { cookie: cookies } = request.headers
  const session = cookies === undefined ? undefined : fastifyCookie.parse(cookies)[cookie]
  return session === undefined ? undefined : people?.bySession(session)
}

/** Where nobody can be told from anybody, this machine may ask what others need a token for. */
export const isOpenTo = async (access: Access, request: FastifyRequest): Promise<boolean> =>
  isLoopback(request.hostname) && !crossSite(request) && isOpen(access)

/** What a browser says of where a request comes from; undefined = it says nothing. */
const crossSite = (request: FastifyRequest): boolean | undefined => {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site === 'cross-site' || site === 'same-site'
  const origin = request.headers.origin
  if (origin === undefined) return undefined
  return URL.canParse(origin) ? new URL(origin).host !== request.host : true
}

const refuseCrossSite = (reply: FastifyReply): FastifyReply =>
  sendProblem(reply, 403, 'cross-site', 'Pages of other sites may not call this API.')

const refuseUnknown = (reply: FastifyReply): FastifyReply => {
  reply.header('www-authenticate', 'Bearer realm="faultline"')
  return sendProblem(
    reply,
    401,
    'unauthenticated',
    'Sign in, or send a token: Authorization: Bearer …',
  )
}

type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>
type Decision = (identity: Identity, request: FastifyRequest) => string | undefined

/** Senders need a token that may; what they send is not a person's to read. */
const ingestObjection: Decision = ({ actor, ingest }) =>
  ingest ? undefined : `${actor || 'Nobody'} may not send alerts.`

/** The table decides by role, and where somebody is limited to teams by what the route shows. */
const deskObjection: Decision = (identity, request) => {
  const { roles, limit } = permissionOf(request.method, request.routeOptions.url ?? '')
  if (roles === 'anyone') return undefined
  if (!roles.some((role) => identity.roles.includes(role)))
    return `This needs one of the roles ${roles.join(', ')}.`
  if (identity.limitedTo !== undefined && limit === 'refused')
    return 'This is about the whole installation, and you are limited to teams.'
  return undefined
}

const OBJECTIONS = { ingest: ingestObjection, desk: deskObjection } as const

const isPublic = (part: keyof typeof OBJECTIONS, request: FastifyRequest): boolean =>
  part === 'desk' && permissionOf(request.method, request.routeOptions.url ?? '').roles === 'anyone'

/** A check for one part of the API, to be installed as an onRequest hook. */
export const createGuard =
  (access: Access, part: keyof typeof OBJECTIONS): Guard =>
  async (request, reply) => {
    const foreign = crossSite(request)
    // Some senders' routes take alerts by GET, so there no method is safe.
    const changes = part === 'ingest' || !SAFE_METHODS.has(request.method)
    if (changes && foreign) return refuseCrossSite(reply)
    const shown = await identify(access, request)
    const open = shown === undefined && (await isOpen(access))
    if (open && !isLoopback(request.hostname)) return refuseForeignHost(reply)
    const identity = shown ?? (open ? LOCAL_IDENTITY : NOBODY)
    if (identity === NOBODY && !isPublic(part, request)) return refuseUnknown(reply)
    // Browsers send the cookie by themselves, and say where a write comes from; others use tokens.
    if (identity.by === 'session' && changes && foreign === undefined) return refuseCrossSite(reply)
    const objection = OBJECTIONS[part](identity, request)
    if (objection !== undefined) return sendProblem(reply, 403, 'forbidden', objection)
    request.identity = identity
    request.actor = identity.actor
    request.limitedTo = identity.limitedTo
    request.administers = identity.roles.includes('admin')
    return undefined
  }

/** A name that resolves to loopback but is not ours is DNS rebinding. */
const refuseForeignHost = (reply: FastifyReply): FastifyReply =>
  sendProblem(
    reply,
    421,
    'foreign-host',
    'Without configured tokens only localhost is served; see auth.tokens.',
  )
