// Who may deliver: keys by hash, and addresses that guess at them locked out.
import { hash, timingSafeEqual } from 'node:crypto'
import type { IngestKey } from '../domain/integration.ts'
import { DAY_MS, MINUTE_MS, type Millis, SECOND_MS } from '../domain/time.ts'

export interface LockoutLimits {
  /** Wrong tokens of one address within `windowMs`; beyond it the address is locked out. */
  readonly wrongTokensMax: number
  readonly windowMs: Millis
  readonly lockoutMs: Millis
  /** Addresses remembered; beyond it the oldest is forgotten. */
  readonly addressesMax: number
}

export const DEFAULT_LOCKOUT: LockoutLimits = {
  wrongTokensMax: 20,
  windowMs: 5 * MINUTE_MS,
  lockoutMs: 15 * MINUTE_MS,
  addressesMax: 10_000,
}

/** A tool that was in within this keeps coming in while its address is locked out. */
const GOOD_MS = DAY_MS

export type AdmissionVerdict =
  | { readonly kind: 'admitted'; readonly key: IngestKey }
  | {
      readonly kind: 'refused'
      readonly status: 401 | 429
      readonly reason: 'token-missing' | 'token-unknown' | 'locked-out'
      readonly detail: string
      readonly retryAfterSeconds?: number
    }

export interface Admission {
  /** @param address where the request came from */
  admit(presented: string | undefined, address: string, now: Millis): AdmissionVerdict
  /** The keys that count from now on. */
  replaceKeys(keys: readonly IngestKey[]): void
}

interface Guesses {
  count: number
  since: Millis
  lockedUntil: Millis
}

const refusals = {
  missing: {
    kind: 'refused',
    status: 401,
    reason: 'token-missing',
    detail: 'send a token: Authorization: Bearer …, X-Api-Key, or in the URL as /i/<token>/…',
  },
  unknown: {
    kind: 'refused',
    status: 401,
    reason: 'token-unknown',
    detail: 'no integration has this token (any more)',
  },
} as const

/** A bounded map that forgets what was entered first. */
const remember = <T>(map: Map<string, T>, key: string, value: T, max: number): void => {
  map.delete(key)
  map.set(key, value)
  if (map.size > max) for (const oldest of map.keys()) return void map.delete(oldest)
}

/** @param fixed keys of the configuration, which are always there */
export const createAdmission = (
  fixed: readonly IngestKey[] = [],
  limits: LockoutLimits = DEFAULT_LOCKOUT,
): Admission => {
  const byHash = new Map<string, IngestKey>()
  const guesses = new Map<string, Guesses>()
  /** `address hash` -> when it last came in. */
  const good = new Map<string, Millis>()

  const replaceKeys = (keys: readonly IngestKey[]): void => {
    const next = [...keys, ...fixed]
    // A tool that was set up before its key was made has guessed nothing.
    if (next.some(({ sha256 }) => !byHash.has(sha256))) guesses.clear()
    byHash.clear()
    for (const key of next) byHash.set(key.sha256, key)
  }

  /** Looked up by its hash, whose digits nobody can choose, then compared in constant time. */
  const find = (sha256: string, now: Millis): IngestKey | undefined => {
    const key = byHash.get(sha256)
    if (key === undefined || !timingSafeEqual(Buffer.from(key.sha256), Buffer.from(sha256)))
      return undefined
    return key.validUntil !== undefined && now >= key.validUntil ? undefined : key
  }

  const lockedOut = (address: string, now: Millis): AdmissionVerdict | undefined => {
    const lockedUntil = guesses.get(address)?.lockedUntil ?? 0
    if (now >= lockedUntil) return undefined
    const detail = 'too many wrong tokens came from this address'
    const retryAfterSeconds = Math.ceil((lockedUntil - now) / SECOND_MS)
    return { kind: 'refused', status: 429, reason: 'locked-out', detail, retryAfterSeconds }
  }

  const noteWrong = (address: string, now: Millis): void => {
    const before = guesses.get(address)
    const fresh = before === undefined || now - before.since > limits.windowMs
    const next = fresh ? { count: 0, since: now, lockedUntil: 0 } : before
    next.count += 1
    if (next.count > limits.wrongTokensMax) next.lockedUntil = now + limits.lockoutMs
    remember(guesses, address, next, limits.addressesMax)
  }

  replaceKeys([])
  return {
    replaceKeys,
    admit: (presented, address, now) => {
      if (presented === undefined || presented === '') return refusals.missing
      const sha256 = hash('sha256', presented, 'hex')
      const pair = `${address} ${sha256}`
      const known = now - (good.get(pair) ?? Number.NEGATIVE_INFINITY) <= GOOD_MS
      // While locked out a right guess must look like a wrong one; who was in before is no guess.
      const locked = known ? undefined : lockedOut(address, now)
      if (locked !== undefined) return locked
      const key = find(sha256, now)
      if (key === undefined) {
        noteWrong(address, now)
        return refusals.unknown
      }
      if (!known || now - good.get(pair)! > MINUTE_MS)
        remember(good, pair, now, limits.addressesMax)
      return { kind: 'admitted', key }
    },
  }
}

/** What a request may carry its token in; lower-case names. */
const TOKEN_HEADERS = ['x-api-key', 'x-faultline-token', 'x-auth-token', 'api-key'] as const

/** Bearer, GenieKey or Token as such; Basic carries the token as its password; or a header. */
export const tokenOf = (
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): string | undefined => {
  const { authorization } = headers
  const [, scheme = '', value = ''] =
    /^(\S+)\s+(\S+)/.exec(typeof authorization === 'string' ? authorization : '') ?? []
  if (/^(bearer|geniekey|token)$/i.test(scheme)) return value
  if (/^basic$/i.test(scheme)) {
    const pair = Buffer.from(value, 'base64').toString('utf8')
    return pair.slice(pair.indexOf(':') + 1)
  }
  for (const name of TOKEN_HEADERS) {
    const header = headers[name]
    if (typeof header === 'string' && header !== '') return header
  }
  return undefined
}
