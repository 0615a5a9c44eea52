// Keeps other desks in step: one pump a target tells them, another looks there for news.
import type { CommandRecord } from '../../domain/records.ts'
import { SECOND_MS } from '../../domain/time.ts'
import type { Desk } from '../../ticketing/desk.ts'
import { every, type Repetition } from './every.ts'
import type { Outgoing } from './outgoing.ts'
import type { RoleContext } from './role.ts'

const LOOK_EVERY_MS = SECOND_MS

export const startSyncing = (
  { clock, logger, metrics }: RoleContext,
  desk: Desk,
  { http, stopping }: Outgoing,
  append: (command: CommandRecord) => Promise<void>,
): Repetition[] => {
  const sync = desk.createSync({ http, append })
  const tell = async (target: string): Promise<void> => {
    while (!stopping()) {
      const result = await sync.turn(target, clock.now())
      if (result === 'idle') return
      metrics.syncs.inc({ target, result })
    }
  }
  const poll = async (target: string): Promise<void> => {
    if (stopping()) return
    metrics.syncs.inc({ target, result: 'news' }, await sync.poll(target, clock.now()))
  }
  const warn =
    (target: string) =>
    (error: Error): void =>
      logger.warn({ err: error, target }, 'another desk must wait')
  return sync.targets.flatMap((target) => [
    every(LOOK_EVERY_MS, () => tell(target), warn(target)),
    every(LOOK_EVERY_MS, () => poll(target), warn(target)),
  ])
}
