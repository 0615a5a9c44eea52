// A webhook signed as Standard Webhooks has it (https://www.standardwebhooks.com).
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { isoTime } from '../../../domain/time.ts'
import { httpUrl, type Render } from './channel.ts'

const secret = z
  .string()
  .regex(/^(whsec_)?[A-Za-z0-9+/]{4,}={0,2}$/, 'must be whsec_ and a key in base64')

export const webhookSettings = z.strictObject({
  kind: z.literal('webhook'),
  url: httpUrl,
  secrets: z.array(secret).min(1).readonly().describe('While one is being replaced, both sign'),
})
type WebhookSettings = z.output<typeof webhookSettings>

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
