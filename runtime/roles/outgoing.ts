// What the ticketing role says to the world outside: notifications, and other desks kept in step.

import type { CommandRecord } from '../../domain/records.ts'
import { SECOND_MS } from '../../domain/time.ts'
import type { Desk } from '../../ticketing/desk.ts'
import type { Http } from '../../ticketing/outbound.ts'
import { createOutboundGuard, type OutboundGuard } from '../adapters/outbound-guard.ts'
import { createOutboundHttp } from '../adapters/outbound-http.ts'
import type { Repetition } from './every.ts'
import { startNotifying } from './notifying.ts'
import type { RoleContext } from './role.ts'
import { startSyncing } from './syncing.ts'

/** What is under way when the role stops may finish for this long. */
const FINISH_MS = 3 * SECOND_MS

export interface Outgoing {
  readonly http: Http
  readonly guard: OutboundGuard
  /** Nothing new is begun any more. */
  stopping(): boolean
}

export const startOutgoing = (
  context: RoleContext,
  desk: Desk,
  append: (command: CommandRecord) => Promise<void>,
): Repetition => {
  const { allow, timeoutMs } = context.config.desk.outbound
  const guard = createOutboundGuard(allow)
  const cut = new AbortController()
  const http = createOutboundHttp({ guard, clock: context.clock, timeoutMs, signal: cut.signal })
  let stopped = false
  const outgoing = { http, guard, stopping: () => stopped }
  const pumps = [
    ...startNotifying(context, desk, outgoing),
    ...startSyncing(context, desk, outgoing, append),
  ]
  return {
    stop: async () => {
      stopped = true
      const timer = setTimeout(() => cut.abort(), FINISH_MS)
      await Promise.all(pumps.map((pump) => pump.stop()))
      clearTimeout(timer)
    },
  }
}
