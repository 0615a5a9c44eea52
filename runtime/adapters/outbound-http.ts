// Asks other systems over HTTP: guarded at connect, bounded in time and size, redirects not followed.
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request } from 'node:http'
import { Agent as HttpsAgent, request as requestSecurely } from 'node:https'
import type { Clock, Millis } from '../../domain/time.ts'
import {
  type Http,
  type HttpAnswer,
  type HttpRequest,
  OutboundError,
} from '../../ticketing/outbound.ts'
import type { OutboundGuard } from './outbound-guard.ts'

const ANSWER_BYTES_MAX = 4 * 1024 * 1024
const RETRY_AFTER_MAX_MS = 24 * 3_600_000

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
export const retryAfterMs = (header: string | undefined, now: Millis): Millis | undefined => {
  if (header === undefined) return undefined
  const pause = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(pause) ? undefined : Math.min(Math.max(0, pause), RETRY_AFTER_MAX_MS)
}

const readBody = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > ANSWER_BYTES_MAX) {
      response.destroy()
      throw new OutboundError('the answer is too long', false)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const answered = (sent: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    sent.once('response', resolve)
    sent.on('error', reject)
  })

/** The host and what went wrong there; the rest of an address may be a secret. */
const described = (error: unknown, host: string): OutboundError => {
  if (error instanceof OutboundError) return error
  const { code = 'the connection failed' } = error as NodeJS.ErrnoException
  return new OutboundError(`${host}: ${code}`, true)
}

export const createOutboundHttp = (options: {
  readonly guard: OutboundGuard
  readonly clock: Clock
  readonly timeoutMs: Millis
  /** Cuts off what is still under way. */
  readonly signal?: AbortSignal
}): Http => {
  const { guard, clock, timeoutMs, signal } = options
  // A connection a request: none is there whose address was checked for somebody else.
  const agents = {
    'http:': new HttpAgent({ lookup: guard.lookup }),
    'https:': new HttpsAgent({ lookup: guard.lookup }),
  }
  const exchange = async (
    { method, url, headers, body }: HttpRequest,
    deadline: AbortSignal,
  ): Promise<HttpAnswer> => {
    const target = new URL(url)
    const secure = target.protocol === 'https:'
    guard.checkHost(target.hostname)
    const sent = (secure ? requestSecurely : request)(target, {
      method,
      headers: { 'user-agent': 'Faultline', ...headers },
      agent: agents[secure ? 'https:' : 'http:'],
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
    })
    const response = answered(sent)
    sent.end(body)
    const got = await response
    const pause = retryAfterMs(got.headers['retry-after'], clock.now())
    return {
      status: got.statusCode ?? 0,
      body: await readBody(got),
      ...(pause === undefined ? {} : { retryAfterMs: pause }),
    }
  }
  return async (outgoing) => {
    const host = URL.canParse(outgoing.url) ? new URL(outgoing.url).host : 'the address'
    const deadline = AbortSignal.timeout(timeoutMs)
    try {
      return await exchange(outgoing, deadline)
    } catch (error) {
      throw deadline.aborted
        ? new OutboundError(`${host}: no answer within ${timeoutMs} ms`, true)
        : described(error, host)
    }
  }
}
