// Backups by the calendar: taken when due, tried again when they fail, and said how they went.
import { Cron } from 'croner'
import { type Clock, HOUR_MS, MINUTE_MS, type Millis } from '../../domain/time.ts'
import type { BackupSettings } from '../config/backup-schema.ts'
import type { Part } from '../http/server.ts'
import type { Logger } from '../observe/logger.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { BackupReply } from '../workers/backup.ts'

/** After a failure, unless the next is due before. */
const RETRY_AFTER_MS = 10 * MINUTE_MS
/** A backup that is due may take so long before anybody is told that it is missing. */
export const OVERDUE_AFTER_MS = HOUR_MS

export interface ScheduleOptions {
  readonly settings: Pick<BackupSettings, 'schedule' | 'timeZone'>
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** Takes one of that name and removes what is kept no longer; without a name it only looks. */
  take(name?: string): Promise<BackupReply>
}

export interface BackupSchedule extends Part {
  /** To be called every now and then: does what is due, and resolves when it is done. */
  look(): Promise<void>
}

/** `2026-11-20T031500Z`: sorts by time, and is a name everywhere. */
const nameOf = (at: Millis): string =>
  new Date(at)
    .toISOString()
    .replace(/:/g, '')
    .replace(/\.\d+Z$/, 'Z')

export const createBackupSchedule = (options: ScheduleOptions): BackupSchedule => {
  const { settings, clock, logger, metrics, take } = options
  const cron = new Cron(settings.schedule, { timezone: settings.timeZone, paused: true })
  const nextAfter = (at: Millis): Millis => cron.nextRun(new Date(at))?.getTime() ?? Infinity
  /** When the backup after the newest one was to be taken; before the first look: not known. */
  let dueAt: Millis | undefined
  let tryAt: Millis = 0
  let fault: string | undefined
  const startedAt = clock.now()

  const failed = (error: unknown): void => {
    fault = (error as Error).message
    tryAt = clock.now() + RETRY_AFTER_MS
    if (dueAt !== undefined && dueAt > clock.now()) tryAt = Math.min(tryAt, dueAt)
    metrics.backups.inc({ result: 'failed' })
    logger.error({ err: error, tryAgainAt: new Date(tryAt).toISOString() }, 'a backup failed')
  }

  const note = ({ place, newestAt, bytes }: BackupReply): void => {
    if (newestAt !== undefined) metrics.backupNewest.set({ place }, newestAt / 1_000)
    if (bytes !== undefined) metrics.backupBytes.set({ place }, bytes)
  }

  const takeOne = async (): Promise<void> => {
    const began = clock.now()
    const reply = await take(nameOf(began))
    note(reply)
    fault = undefined
    dueAt = nextAfter(reply.newestAt ?? began)
    const tookMs = clock.now() - began
    metrics.backups.inc({ result: 'ok' })
    const { place, bytes, removed } = reply
    logger.info({ place, bytes, removed, tookMs }, 'a backup was taken')
  }

  /** One that was due while nobody ran is taken at once; so is the very first. */
  const find = async (): Promise<void> => {
    const reply = await take()
    note(reply)
    dueAt = reply.newestAt === undefined ? clock.now() : nextAfter(reply.newestAt)
  }

  const doWhatIsDue = async (): Promise<void> => {
    if (dueAt === undefined) await find()
    if (dueAt !== undefined && clock.now() >= dueAt) await takeOne()
  }

  const overdueMs = (): number => Math.max(0, clock.now() - (dueAt ?? startedAt))

  return {
    name: 'backup',
    advisory: true,
    async look() {
      try {
        if (clock.now() >= tryAt) await doWhatIsDue()
      } catch (error) {
        failed(error)
      }
      metrics.backupOverdue.set(overdueMs() / 1_000)
    },
    async check() {
      if (fault !== undefined) throw new Error(`the last backup failed: ${fault}`)
      const minutes = Math.round(overdueMs() / MINUTE_MS)
      if (overdueMs() > OVERDUE_AFTER_MS)
        throw new Error(`a backup is overdue by ${minutes} minutes`)
    },
  }
}
