// Who may call what: bearer tokens by hash, and no foreign page behind a person's back.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../config/schema.ts'
import { sendProblem } from './problem.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks: the token's name, or `local` on an open loopback installation. */
    actor: string
  }
}

type Token = Config['auth']['tokens'][number]
type Access = Token['access']

export const LOCAL_ACTOR = 'local'
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/

export const isLoopback = (host: string): boolean => LOOPBACK.test(host)

/** Bearer, GenieKey or Token as such; Basic carries the token as its password. */
export const presentedToken = (authorization: string | undefined): string | undefined => {
  const [scheme, value] = (authorization ?? '').split(/\s+/, 2)
  if (scheme === undefined || value === undefined) return undefined
  if (/^(bearer|geniekey|token)$/i.test(scheme)) return value
  if (!/^basic$/i.test(scheme)) return undefined
  const pair = Buffer.from(value, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}

/** Compares with every token, whichever matches, so that time tells nothing. */
const findToken = (tokens: readonly Token[], presented: string): Token | undefined => {
  const hash = createHash('sha256').update(presented).digest()
  let found: Token | undefined
  for (const token of tokens)
    if (timingSafeEqual(hash, Buffer.from(token.sha256, 'hex'))) found = token
  return found
}

const suffices = (granted: Access, needed: Access): boolean =>
  granted === 'full' || granted === needed

/** Which access a request to the desk needs. */
const deskAccess = (method: string): Access => (SAFE_METHODS.has(method) ? 'read' : 'full')

const crossSite = (request: FastifyRequest): boolean => {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site === 'cross-site' || site === 'same-site'
  const origin = request.headers.origin
  if (origin === undefined) return false
  return URL.canParse(origin) ? new URL(origin).host !== request.host : true
}

type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>

/** A check for one part of the API, to be installed as an onRequest hook. */
export const createGuard =
  (tokens: readonly Token[], part: 'ingest' | 'desk'): Guard =>
  async (request, reply) => {
    if (!SAFE_METHODS.has(request.method) && crossSite(request))
      return sendProblem(reply, 403, 'cross-site', 'Pages of other sites may not call this API.')
    if (tokens.length === 0) return openOnLoopback(request, reply)
    const presented = presentedToken(request.headers.authorization)
    const token = presented === undefined ? undefined : findToken(tokens, presented)
    if (token === undefined) {
      reply.header('www-authenticate', 'Bearer realm="faultline"')
      return sendProblem(reply, 401, 'unauthenticated', 'Send a token: Authorization: Bearer …')
    }
    const needed = part === 'ingest' ? 'ingest' : deskAccess(request.method)
    if (!suffices(token.access, needed))
      return sendProblem(reply, 403, 'forbidden', `This token may ${token.access}, not ${needed}.`)
    request.actor = token.name
    return undefined
  }

/** A name that resolves to loopback but is not ours is DNS rebinding. */
const openOnLoopback: Guard = async (request, reply) => {
  if (!isLoopback(request.hostname))
    return sendProblem(
      reply,
      421,
      'foreign-host',
      'Without configured tokens only localhost is served; see auth.tokens.',
    )
  request.actor = LOCAL_ACTOR
  return undefined
}
