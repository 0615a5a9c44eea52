// E-mail; mails about one incident are one thread.
import { z } from 'zod'
import { hash64 } from '../../../domain/hash.ts'
import { isoTime } from '../../../domain/time.ts'
import { headline, type Render } from './channel.ts'

const address = z
  .string()
  .min(3)
  .max(320)
  .regex(/^[^\s@]+@[^\s@]+$/, 'must be a mail address')

export const emailSettings = z.strictObject({
  kind: z.literal('email'),
  from: address,
  to: z.array(address).readonly(),
})
type EmailSettings = z.output<typeof emailSettings>

const SUBJECT_MAX = 200

/** A line end in a subject would begin a header of its own. */
const oneLine = (text: string): string => text.replace(/[\r\n\0]+/g, ' ').slice(0, SUBJECT_MAX)

export const renderEmail: Render<EmailSettings> = ({ from, to }, message, { id }) => ({
  kind: 'mail',
  id: hash64(id),
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
    ...(message.ratingLink === undefined ? [] : ['', `How did we do? ${message.ratingLink}`]),
  ].join('\n'),
  thread: hash64(message.incidentId),
})
