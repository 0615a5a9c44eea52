// E-mail; mails about one incident are one thread.
import { isoTime } from '../../../domain/time.ts'
import { headline, type Render } from './channel.ts'

export interface EmailSettings {
  readonly kind: 'email'
  readonly from: string
  readonly to: readonly string[]
}

const SUBJECT_MAX = 200

/** A line end in a subject would begin a header of its own. */
const oneLine = (text: string): string => text.replace(/[\r\n\0]+/g, ' ').slice(0, SUBJECT_MAX)

export const renderEmail: Render<EmailSettings> = ({ from, to }, message) => ({
  kind: 'mail',
  from,
  to,
  subject: oneLine(headline(message)),
  text: [
    message.text,
    '',
    `When: ${isoTime(message.at)}`,
    `Priority: ${message.priority}`,
    `Alerts: ${message.alertCount}`,
    `CIs: ${message.cis.join(', ')}`,
    ...(message.link === undefined ? [] : ['', message.link]),
  ].join('\n'),
  thread: message.incidentId,
})
