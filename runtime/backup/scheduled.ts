// The schedule of backups at work in a process: its timer, and its thread.
import type { Clock } from '../../domain/time.ts'
import { backUpInThread } from '../adapters/backup-thread.ts'
import type { Config } from '../config/schema.ts'
import type { Part } from '../http/server.ts'
import type { Logger } from '../observe/logger.ts'
import type { Metrics } from '../observe/metrics.ts'
import { every } from '../roles/every.ts'
import { createBackupSchedule } from './schedule.ts'

const LOOK_EVERY_MS = 1_000

export interface ScheduledBackups extends Part {
  /** Gives up a backup that is being taken. */
  stop(): Promise<void>
}

/** @returns undefined where none are configured, or the log is not in the data directory */
export const startScheduledBackups = (
  { backup, data, kafka }: Config,
  { clock, logger, metrics }: { clock: Clock; logger: Logger; metrics: Metrics },
): ScheduledBackups | undefined => {
  const { to } = backup
  if (to === undefined || kafka !== undefined) return undefined
  const stopping = new AbortController()
  const schedule = createBackupSchedule({
    settings: backup,
    clock,
    logger,
    metrics,
    take: (name) =>
      backUpInThread(
        { data, to, settings: backup, ...(name === undefined ? {} : { name }) },
        stopping.signal,
      ),
  })
  const looking = every(LOOK_EVERY_MS, schedule.look, (error) =>
    logger.error({ err: error }, 'the schedule of backups failed'),
  )
  return {
    ...schedule,
    stop: () => {
      stopping.abort(new Error('the process is stopping'))
      return looking.stop()
    },
  }
}
