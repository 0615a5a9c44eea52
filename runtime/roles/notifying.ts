// Tells people: one pump a channel, so that none waits for another.
import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts'
import type { Desk } from '../../ticketing/desk.ts'
import type { Send } from '../../ticketing/notifications/delivery.ts'
import { createMailer } from '../adapters/notify-mail.ts'
import { createSend } from '../adapters/notify-send.ts'
import { every, type Repetition } from './every.ts'
import type { Outgoing } from './outgoing.ts'
import type { RoleContext } from './role.ts'

const LOOK_EVERY_MS = SECOND_MS / 2
const SWEEP_EVERY_MS = 10 * MINUTE_MS

const createSender = ({ config, logger }: RoleContext, { http, guard }: Outgoing): Send => {
  const { outbound, notifications } = config.desk
  const { smtp } = notifications
  const mail = smtp && createMailer(guard, smtp, outbound.timeoutMs)
  return createSend({ http, logger, ...(mail === undefined ? {} : { mail }) })
}

export const startNotifying = (
  context: RoleContext,
  desk: Desk,
  outgoing: Outgoing,
): Repetition[] => {
  const { clock, logger, metrics } = context
  const send = createSender(context, outgoing)
  const delivery = desk.createDelivery(async (message) =>
    outgoing.stopping() ? { kind: 'failed', detail: 'stopping', retry: true } : send(message),
  )
  const deliver = async (channel: string): Promise<void> => {
    let more = true
    while (more && !outgoing.stopping()) {
      const turn = await delivery.turn(channel, clock.now())
      metrics.notifications.inc({ channel, result: 'sent' }, turn.sent)
      metrics.notifications.inc({ channel, result: 'failed' }, turn.failed)
      more = turn.more
    }
  }
  const warn = (error: Error): void => logger.warn({ err: error }, 'notifications must wait')
  return [
    ...delivery.channels.map((channel) => every(LOOK_EVERY_MS, () => deliver(channel), warn)),
    every(SWEEP_EVERY_MS, () => delivery.sweep(clock.now()), warn),
  ]
}
