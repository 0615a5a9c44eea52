// What the desk asks of the world outside: requests and answers as data. The runtime carries them.
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { type Millis, SECOND_MS } from '../domain/time.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpAnswer {
  readonly status: number
  readonly body: string
  /** What a Retry-After header asks for, as a pause. */
  readonly retryAfterMs?: Millis
}

/** No answer came. The message names the host, never the path or a header: those are secrets. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  /** False where trying again cannot help, e.g. an address that is not allowed. */
  readonly retry: boolean
  /** How long the other side asks us to wait. */
  readonly retryAfterMs: Millis

  constructor(message: string, retry: boolean, retryAfterMs: Millis = 0) {
    super(message)
    this.retry = retry
    this.retryAfterMs = retryAfterMs
  }
}

/**
 * Answers within its deadline, whatever the status; follows no redirect.
 * @throws OutboundError where no answer came
 */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>

/** Whether the same request may do better later. */
export const mayRecover = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500

const isRange = (text: string): boolean => ipaddr.isValidCIDR(text) || ipaddr.isValid(text)

export const outboundSettingsSchema = z.strictObject({
  allow: z
    .array(z.string().refine(isRange, 'must be an IP address or a range such as 10.1.0.0/16'))
    .readonly()
    .default([])
    .describe('Addresses inside that may be connected to; all public ones may'),
  timeoutMs: z
    .number()
    .int()
    .min(100)
    .max(60_000)
    .default(10 * SECOND_MS)
    .describe('An answer that takes longer is a failed attempt'),
})
