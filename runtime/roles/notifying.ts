// The part of the ticketing role that tells people: one pump a channel, so that none waits for another.
import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts'
import type { Desk } from '../../ticketing/desk.ts'
import type { Send } from '../../ticketing/notifications/delivery.ts'
import { createMailer } from '../adapters/notify-mail.ts'
import { createSend } from '../adapters/notify-send.ts'
import { createOutboundGuard } from '../adapters/outbound-guard.ts'
import { createOutboundHttp } from '../adapters/outbound-http.ts'
import { every, type Repetition } from './every.ts'
import type { RoleContext } from './role.ts'

const LOOK_EVERY_MS = SECOND_MS / 2
const SWEEP_EVERY_MS = 10 * MINUTE_MS
/** What is being sent when the role stops may finish for this long. */
const FINISH_MS = 3 * SECOND_MS

const createSender = ({ config, clock, logger }: RoleContext, cut: AbortSignal): Send => {
  const { outbound, notifications } = config.desk
  const { timeoutMs } = outbound
  const guard = createOutboundGuard(outbound.allow)
  const http = createOutboundHttp({ guard, clock, timeoutMs, signal: cut })
  const { smtp } = notifications
  return createSend({
    http,
    logger,
    ...(smtp === undefined ? {} : { mail: createMailer(guard, smtp, timeoutMs) }),
  })
}

export const startNotifying = (context: RoleContext, desk: Desk): Repetition => {
  const { clock, logger, metrics } = context
  const cut = new AbortController()
  const sender = createSender(context, cut.signal)
  let stopping = false
  const delivery = desk.createDelivery(async (outgoing) =>
    stopping ? { kind: 'failed', detail: 'stopping', retry: true } : sender(outgoing),
  )
  const deliver = async (channel: string): Promise<void> => {
    let more = true
    while (more && !stopping) {
      const turn = await delivery.turn(channel, clock.now())
      metrics.notifications.inc({ channel, result: 'sent' }, turn.sent)
      metrics.notifications.inc({ channel, result: 'failed' }, turn.failed)
      more = turn.more
    }
  }
  const warn = (error: Error): void => logger.warn({ err: error }, 'notifications must wait')
  const pumps = delivery.channels.map((channel) =>
    every(LOOK_EVERY_MS, () => deliver(channel), warn),
  )
  pumps.push(every(SWEEP_EVERY_MS, () => delivery.sweep(clock.now()), warn))
  return {
    stop: async () => {
      stopping = true
      const timer = setTimeout(() => cut.abort(), FINISH_MS)
      await Promise.all(pumps.map((pump) => pump.stop()))
      clearTimeout(timer)
    },
  }
}
