// Carries notifications out: over HTTP, by mail, or onto the log of this process.
import type { HttpMessage, Outgoing } from '../../ticketing/notifications/channels/channel.ts'
import type { Send, SendResult } from '../../ticketing/notifications/delivery.ts'
import { type Http, mayRecover, OutboundError } from '../../ticketing/outbound.ts'
import type { Logger } from '../observe/logger.ts'
import type { createMailer } from './notify-mail.ts'

const overHttp = async (http: Http, { url, headers, body }: HttpMessage): Promise<SendResult> => {
  const { host } = new URL(url)
  try {
    const { status, retryAfterMs } = await http({ method: 'POST', url, headers, body })
    if (status >= 200 && status < 300) return { kind: 'sent' }
    const detail =
      status >= 300 && status < 400
        ? `${host} answered ${status}; redirects are not followed`
        : `${host} answered ${status}`
    return {
      kind: 'failed',
      detail,
      retry: mayRecover(status),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    return { kind: 'failed', detail: error.message, retry: error.retry }
  }
}

export const createSend = (options: {
  readonly http: Http
  /** Absent = no mail server is configured. */
  readonly mail?: ReturnType<typeof createMailer>
  readonly logger: Logger
}): Send => {
  const { http, mail, logger } = options
  const carry = async (outgoing: Outgoing): Promise<SendResult> => {
    if (outgoing.kind === 'http') return overHttp(http, outgoing)
    if (outgoing.kind === 'mail')
      return (
        (await mail?.(outgoing)) ?? {
          kind: 'failed',
          detail: 'no mail server is configured: desk.notifications.smtp',
          retry: false,
        }
      )
    logger.info({ notification: outgoing.text }, 'a notification')
    return { kind: 'sent' }
  }
  return async (outgoing) => {
    const result = await carry(outgoing)
    if (result.kind === 'failed')
      logger.warn({ detail: result.detail, retry: result.retry }, 'a notification was not taken')
    return result
  }
}
