// Sends mail by SMTP (nodemailer); the same guard holds for the mail server's address.
import { connect, type Socket } from 'node:net'
import { createTransport } from 'nodemailer'
import type { Millis } from '../../domain/time.ts'
import type { Mail } from '../../ticketing/notifications/channels/channel.ts'
import type { SendResult } from '../../ticketing/notifications/delivery.ts'
import type { SmtpSettings } from '../../ticketing/notifications/settings.ts'
import { OutboundError } from '../../ticketing/outbound.ts'
import type { OutboundGuard } from './outbound-guard.ts'

const connected = (
  guard: OutboundGuard,
  { host, port }: SmtpSettings,
  timeoutMs: Millis,
): Promise<Socket> =>
  new Promise((resolve, reject) => {
    guard.checkHost(host)
    const socket = connect({ host, port, lookup: guard.lookup })
    const give = (error: Error): void => {
      socket.destroy()
      reject(error)
    }
    socket.setTimeout(timeoutMs, () => give(new OutboundError(`${host}: no connection`, true)))
    socket.once('error', give)
    socket.once('connect', () => {
      socket.setTimeout(0)
      socket.off('error', give)
      resolve(socket)
    })
  })

/** A refusal with a code of 500 and above is final (RFC 5321, 4.2.1). */
const failed = (error: unknown, host: string): SendResult => {
  if (error instanceof OutboundError)
    return { kind: 'failed', detail: error.message, retry: error.retry }
  const { responseCode, code, message } = error as Error & { responseCode?: number; code?: string }
  const what = responseCode === undefined ? (code ?? message) : `answered ${responseCode}`
  return { kind: 'failed', detail: `${host} ${what}`, retry: (responseCode ?? 0) < 500 }
}

export const createMailer = (
  guard: OutboundGuard,
  settings: SmtpSettings,
  timeoutMs: Millis,
): ((mail: Mail) => Promise<SendResult>) => {
  const { host, port, user, password, tls } = settings
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket: (_options, callback) => {
      connected(guard, settings, timeoutMs).then(
        (connection) => callback(null, { connection }),
        (error: Error) => callback(error, false),
      )
    },
  })
  return async ({ id, from, to, subject, text, thread }) => {
    const domain =
      from
        .split('@')
        .at(-1)
        ?.replace(/[^\w.-]/g, '') ?? 'faultline'
    try {
      await transport.sendMail({
        messageId: `<${id}@${domain}>`,
        references: `<${thread}@${domain}>`,
        from,
        to: [...to],
        subject,
        text,
        // No out-of-office answers, no loops (RFC 3834).
        headers: { 'auto-submitted': 'auto-generated' },
        signal: AbortSignal.timeout(timeoutMs),
      })
      return { kind: 'sent' }
    } catch (error) {
      return failed(error, host)
    }
  }
}
