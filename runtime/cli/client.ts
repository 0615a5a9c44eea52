// Talks to a running Faultline over its HTTP API, for the commands that read or steer one.
import { type Command, Option } from 'commander'
import { environment } from '../config/environment.ts'

export interface ServerFlags {
  readonly url: string
  readonly token?: string
  readonly json?: boolean
}

const DEFAULT_URL = 'http://127.0.0.1:8080'
const TIMEOUT_MS = 30_000

/** The options that every such command shares. */
export const withServerOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--url <url>', 'the Faultline to talk to')
        .env('FAULTLINE_URL')
        .default(DEFAULT_URL),
    )
    .addOption(new Option('--token <token>', 'API token').env('FAULTLINE_TOKEN'))
    .option('--json', 'print JSON')

/** Not to a server but to its log, while it is stopped: see offline.ts. */
export const isOffline = (flags: { readonly data?: string; readonly config?: string }): boolean =>
  flags.data !== undefined || flags.config !== undefined

interface Problem {
  readonly detail?: string
  readonly title?: string
}

const isProblem = (value: unknown): value is Problem => typeof value === 'object' && value !== null

/**
 * @param body absent = GET
 * @param method where it is neither GET nor POST
 * @returns the answer's JSON
 * @throws Error that says what was refused and why, or that nobody answers
 */
export const callApi = async <T>(
  flags: ServerFlags,
  path: string,
  body?: unknown,
  method?: 'PATCH' | 'DELETE',
): Promise<T> => {
  const text = await callText(flags, path, body, method)
  return (text === '' ? {} : parse(text)) as T
}

/** The same, where the answer is not JSON. */
export const callText = async (
  flags: ServerFlags,
  path: string,
  body?: unknown,
  method = body === undefined ? 'GET' : 'POST',
): Promise<string> => {
  const response = await send(flags, path, body, method)
  const text = await response.text()
  if (response.ok) return text
  throw refused(path, response.status, text)
}

/**
 * An answer that goes on, as its chunks come; aborts with the process.
 * @param lastEventId where to go on; absent: from now
 * @throws Error that says what was refused and why, or that nobody answers
 */
export const openStream = async (
  flags: ServerFlags,
  path: string,
  lastEventId: string | undefined,
): Promise<AsyncIterable<Uint8Array>> => {
  const headers = {
    accept: 'text/event-stream',
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  }
  const response = await send(flags, path, undefined, 'GET', { headers })
  if (response.ok && response.body !== null) return response.body
  throw refused(path, response.status, await response.text())
}

const refused = (path: string, status: number, text: string): Error => {
  const answer = parse(text)
  const told = isProblem(answer) ? (answer.detail ?? answer.title) : undefined
  return new Error(`${path}: ${status} ${told ?? text.slice(0, 200)}`)
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** @param stream headers of an answer that goes on: then no time is set */
const send = async (
  { url, token }: ServerFlags,
  path: string,
  body: unknown,
  method: string,
  stream?: { readonly headers: Readonly<Record<string, string>> },
) => {
  const given = token ?? environment('FAULTLINE_TOKEN')
  try {
    return await fetch(new URL(path, url), {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(given === undefined ? {} : { authorization: `Bearer ${given}` }),
        ...stream?.headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(stream === undefined ? { signal: AbortSignal.timeout(TIMEOUT_MS) } : {}),
    })
  } catch (error) {
    const { cause, message } = error as Error
    const why = cause instanceof Error ? cause.message : message
    throw new Error(`nobody answers at ${url} (${why}); is \`faultline serve\` running there?`)
  }
}
