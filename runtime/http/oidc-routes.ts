// Signing in by OIDC: away to the provider, and back with a code that only this browser can use.
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { MINUTE_MS } from '../../domain/time.ts'
import type { UserRow } from '../../ticketing/people/tables.ts'
import type { OidcErrand, OidcProvider } from '../adapters/oidc.ts'
import type { OidcConfig } from '../config/auth-schema.ts'
import { type ClaimedUser, userOfClaims } from './oidc-claims.ts'
import { sendProblem } from './problem.ts'
import { command, openSession, type SignInParts } from './sessions.ts'

const CALLBACK = '/auth/oidc/callback'
/** Whoever has not signed in there by then begins again. */
const ERRAND_S = (10 * MINUTE_MS) / 1_000

type Errand = OidcErrand & { readonly to: string }

/** A path of our own to go to afterwards; anything else is the front page (open redirect). */
export const safePath = (wanted: unknown): string =>
  typeof wanted === 'string' && /^\/(?![/\\])[\w\-./?=&%~:+,@]*$/.test(wanted) ? wanted : '/'

const errandOf = (cookie: string | undefined): Errand | undefined => {
  try {
    const read: unknown = JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString('utf8'))
    const { state, nonce, verifier, to } = read as Partial<Record<keyof Errand, unknown>>
    if (typeof state !== 'string' || typeof nonce !== 'string' || typeof verifier !== 'string')
      return undefined
    return { state, nonce, verifier, to: safePath(to) }
  } catch {
    return undefined
  }
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

const isCurrent = (row: UserRow, claimed: ClaimedUser): boolean =>
  row.displayName === claimed.displayName &&
  row.email === claimed.email &&
  row.limitedToTeams === claimed.limitedToTeams &&
  sameList(row.roles, claimed.roles) &&
  sameList(row.teams, claimed.teams)

/** The user as the provider describes them now. @returns a sentence where they stay out */
const provision = async (parts: SignInParts, claimed: ClaimedUser): Promise<UserRow | string> => {
  const { name, ...profile } = claimed
  const known = await parts.queries.userOfExternal(claimed.external)
  if (known?.disabled) return 'This account is disabled.'
  if (known !== undefined && isCurrent(known, claimed)) return known
  const id = known?.id ?? name
  const result = await command(parts, id, 'user.provision', { ...profile })
  if (result.kind === 'refused') return `Not signed in: ${result.detail}.`
  return (await parts.queries.userRow(id)) ?? 'The desk did not take the sign-in in time.'
}

export const oidcRoutes =
  (parts: SignInParts, provider: OidcProvider, config: OidcConfig): FastifyPluginAsync =>
  async (app) => {
    const { cookies, logger } = parts
    const origin = ({ protocol, host }: FastifyRequest): string =>
      parts.config.listen.publicUrl ?? `${protocol}://${host}`
    /** Lax: the browser comes back from another site, and must bring it along. */
    const flags = { ...cookies.flags, sameSite: 'lax' as const, maxAge: ERRAND_S }
    const refuse = (reply: FastifyReply, detail: string) =>
      sendProblem(reply, 403, 'not-signed-in', detail)

    app.get(
      '/auth/oidc/start',
      { schema: { tags: ['session'], summary: 'Sign in by OIDC: sends the browser there' } },
      async (request, reply) => {
        const { to } = request.query as { to?: unknown }
        const { url, errand } = await provider.begin(new URL(CALLBACK, origin(request)).href)
        const kept = Buffer.from(JSON.stringify({ ...errand, to: safePath(to) }))
        reply.setCookie(cookies.oidc, kept.toString('base64url'), flags)
        return reply.header('cache-control', 'no-store').redirect(url)
      },
    )

    app.get(
      CALLBACK,
      { schema: { tags: ['session'], summary: 'Back from the OIDC provider' } },
      async (request, reply) => {
        const errand = errandOf(request.cookies[cookies.oidc])
        reply.clearCookie(cookies.oidc, flags).header('cache-control', 'no-store')
        if (errand === undefined)
          return refuse(reply, 'This sign-in was not begun in this browser, or long ago.')
        let claims: Readonly<Record<string, unknown>>
        try {
          claims = await provider.finish(new URL(request.url, origin(request)), errand)
        } catch (error) {
          // The provider's words may carry the code; its kind of fault is enough.
          logger.warn({ fault: (error as { code?: string }).code }, 'an OIDC sign-in failed')
          return refuse(reply, 'The provider’s answer could not be confirmed.')
        }
        const claimed = userOfClaims(config, claims)
        if (typeof claimed === 'string') return refuse(reply, claimed)
        const user = await provision(parts, claimed)
        if (typeof user === 'string') return refuse(reply, user)
        if (!(await openSession(parts, request, reply, user, 'oidc'))) return reply
        return reply.redirect(errand.to)
      },
    )
  }
