// A webhook signed as Standard Webhooks has it (https://www.standardwebhooks.com).
import { createHmac } from 'node:crypto'
import { isoTime } from '../../../domain/time.ts'
import type { Render } from './channel.ts'

export interface WebhookSettings {
  readonly kind: 'webhook'
  readonly url: string
  /** `whsec_` and the key in base64; while one is being replaced, both sign. */
  readonly secrets: readonly string[]
}

const keyOf = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64')

/** The signature header's value over id, time and body. */
export const signatures = (
  secrets: readonly string[],
  id: string,
  seconds: number,
  body: string,
): string =>
  secrets
    .map((secret) => {
      const hmac = createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`)
      return `v1,${hmac.digest('base64')}`
    })
    .join(' ')

export const renderWebhook: Render<WebhookSettings> = ({ url, secrets }, message, { id, at }) => {
  const { event, at: happened, ...data } = message
  const seconds = Math.floor(at / 1000)
  const body = JSON.stringify({ type: `incident.${event}`, timestamp: isoTime(happened), data })
  return {
    kind: 'http',
    url,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': signatures(secrets, id, seconds, body),
    },
    body,
  }
}
