// The cookies: their names, and the flags that keep them from scripts, other sites and plain HTTP.
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { Config } from '../config/schema.ts'
import { isLoopback } from './access.ts'

export interface CookieNames {
  readonly session: string
  /** What one OIDC sign-in must remember while the browser is away. */
  readonly oidc: string
  readonly flags: CookieSerializeOptions
}

/** Off loopback, or behind a URL that says https, cookies travel over TLS only. */
export const isSecure = ({ listen }: Pick<Config, 'listen'>): boolean =>
  listen.publicUrl === undefined
    ? !isLoopback(listen.host)
    : new URL(listen.publicUrl).protocol === 'https:'

/** `__Host-`: browsers take it only Secure, from this very host, and no subdomain can set it. */
export const cookieNames = (config: Pick<Config, 'listen'>): CookieNames => {
  const secure = isSecure(config)
  const prefix = secure ? '__Host-' : ''
  return {
    session: `${prefix}faultline`,
    oidc: `${prefix}faultline-oidc`,
    flags: { path: '/', httpOnly: true, secure, sameSite: 'strict' },
  }
}
