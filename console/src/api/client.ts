// The one way to the API: JSON in and out, refusals as values, a token where one is needed.
import { signal } from '@preact/signals'
import { parseShown } from '../text/shown.ts'
import type { ProblemJson } from './types.ts'

export type Answer<T> = { ok: true; data: T } | { ok: false; refusal: ProblemJson }

const TOKEN_KEY = 'faultline.token'

/** True once the server has asked who we are. */
export const signInNeeded = signal(false)

const storedToken = (): string | null => sessionStorage.getItem(TOKEN_KEY)

/** Kept for this tab only. */
export const signIn = (token: string): void => {
  sessionStorage.setItem(TOKEN_KEY, token)
  signInNeeded.value = false
}

export const forgetToken = (): void => sessionStorage.removeItem(TOKEN_KEY)

export const authorization = (): Record<string, string> => {
  const token = storedToken()
  return token === null ? {} : { authorization: `Bearer ${token}` }
}

/** 32 hex digits; crypto.randomUUID exists on secure origins only, this everywhere. */
export const createIdempotencyKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')

/** What answers may be no problem+json at all: a proxy's page, or nothing. */
const refusalOf = (status: number, body: unknown): ProblemJson => {
  if (typeof body === 'object' && body !== null && 'detail' in body && 'title' in body)
    return { ...(body as ProblemJson), status }
  const detail = status === 0 ? 'The server cannot be reached.' : `The server answered ${status}.`
  return { type: 'about:blank', title: 'Not done', reason: 'unknown', detail, status }
}

const parseBody = (text: string): unknown => {
  try {
    return text === '' ? undefined : parseShown(text)
  } catch {
    return undefined
  }
}

export const send = async <T>(path: string, init: RequestInit): Promise<Answer<T>> => {
  let response: Response
  try {
    response = await fetch(path, { ...init, headers: { ...authorization(), ...init.headers } })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    return { ok: false, refusal: refusalOf(0, undefined) }
  }
  const body = parseBody(await response.text())
  if (response.status === 401) signInNeeded.value = true
  if (response.ok) return { ok: true, data: body as T }
  return { ok: false, refusal: refusalOf(response.status, body) }
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<Answer<T>> =>
  send(path, { headers: { accept: 'application/json' }, ...(signal && { signal }) })

interface PostOptions {
  /** The version that the decision was based on; refused with 412 where it is old. */
  readonly version?: number
  /** Lets the request outlive the page. */
  readonly keepalive?: boolean
}

export const post = <T>(path: string, body: unknown, options: PostOptions = {}) =>
  send<T>(path, {
    method: 'POST',
    keepalive: options.keepalive ?? false,
    body: JSON.stringify(body),
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      'idempotency-key': createIdempotencyKey(),
      ...(options.version !== undefined && { 'if-match': `"${options.version}"` }),
    },
  })
