// Signed deliveries: HMACs of the raw body, compared in constant time before anything is parsed.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { MINUTE_MS, type Millis, SECOND_MS } from '../domain/time.ts'

interface Scheme {
  /** Lower-case header that holds the signature, in hex. */
  readonly header: string
  /** What stands before the hex digits. */
  readonly prefix: string
  /** Header of a time that is signed along with the body, `<time>:<body>`. */
  readonly timeHeader?: string
}

/** Tools with a way of their own; others sign as GitHub's webhooks do. */
const SCHEMES: Readonly<Record<string, Scheme>> = {
  grafana: {
    header: 'x-grafana-alerting-signature',
    prefix: '',
    timeHeader: 'x-grafana-alerting-timestamp',
  },
  sentry: { header: 'sentry-hook-signature', prefix: '' },
}
const GENERAL: Scheme = { header: 'x-hub-signature-256', prefix: 'sha256=' }

/** A signed time further from ours than this is old, or from a future that is not ours. */
const AGE_MAX_MS = 5 * MINUTE_MS

export type SignatureFault = 'signature-missing' | 'signature-invalid' | 'signature-old'

export type SignatureCheck =
  /** `id` names what was signed: the same for the same body, signed time and secret. */
  | { readonly kind: 'signed'; readonly id: string }
  | { readonly kind: 'fault'; readonly reason: SignatureFault }

const fault = (reason: SignatureFault): SignatureCheck => ({ kind: 'fault', reason })

/** @param secrets all are valid, so that one can be rotated without losing a delivery */
export const checkSignature = (
  source: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string | undefined>>,
  secrets: readonly string[],
  now: Millis,
): SignatureCheck => {
  const { header, prefix, timeHeader } = SCHEMES[source] ?? GENERAL
  const given = headers[header]
  if (given === undefined) return fault('signature-missing')
  const presented = Buffer.from(given.startsWith(prefix) ? given.slice(prefix.length) : '', 'hex')
  const time = timeHeader === undefined ? undefined : headers[timeHeader]
  let valid = false
  for (const secret of secrets) {
    const hmac = createHmac('sha256', secret)
    if (time !== undefined) hmac.update(`${time}:`)
    const expected = hmac.update(body).digest()
    // Every secret is tried, so that the time taken does not tell which one was near.
    if (presented.length === expected.length && timingSafeEqual(presented, expected)) valid = true
  }
  if (!valid) return fault('signature-invalid')
  const old = time !== undefined && !(Math.abs(Number(time) * SECOND_MS - now) <= AGE_MAX_MS)
  if (old) return fault('signature-old')
  return { kind: 'signed', id: `${source}:${presented.toString('hex')}` }
}
