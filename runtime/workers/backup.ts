// The thread of a scheduled backup: reading and summing a whole log must not hold up the pipeline.
import { parentPort, workerData } from 'node:worker_threads'
import type { Millis } from '../../domain/time.ts'
import { createBackup, DRAFT_AGE_MAX_MS } from '../backup/create.ts'
import { openBackups } from '../backup/places.ts'
import { expired } from '../backup/retention.ts'
import type { BackupTarget, KeptBackup } from '../backup/target.ts'
import { createSystemClock } from '../clock.ts'
import type { BackupSettings } from '../config/backup-schema.ts'

export interface BackupRequest {
  readonly data: string
  readonly to: string
  readonly settings: Pick<BackupSettings, 'keep' | 'timeZone' | 's3'>
  /** Of the backup to be taken; absent = none is, and nothing is removed. */
  readonly name?: string
}

export interface BackupReply {
  /** Without credentials. */
  readonly place: string
  /** When the newest backup that is there was taken. */
  readonly newestAt?: Millis
  /** Of the one that was taken now. */
  readonly bytes?: number
  readonly removed: readonly string[]
}

const newestOf = (complete: readonly KeptBackup[]): { newestAt?: Millis } =>
  complete.length === 0 ? {} : { newestAt: Math.max(...complete.map(({ takenAt }) => takenAt)) }

/** Only after a good one: whatever fails before leaves all that is there. */
const prune = async (target: BackupTarget, { settings }: BackupRequest): Promise<string[]> => {
  const removed: string[] = []
  for (const { name } of expired(await target.list(), settings.keep, settings.timeZone)) {
    await target.remove(name)
    removed.push(name)
  }
  await target.sweep(createSystemClock().now() - DRAFT_AGE_MAX_MS)
  return removed
}

const answer = async (request: BackupRequest): Promise<BackupReply> => {
  const { data, to, name, settings } = request
  const target = await openBackups(to, settings.s3)
  try {
    const place = target.url
    if (name === undefined) return { place, removed: [], ...newestOf(await target.list()) }
    const clock = createSystemClock()
    const { takenAt, bytes } = await createBackup({ data, to: target, name, clock })
    const removed = await prune(target, request)
    return { place, newestAt: takenAt, bytes, removed }
  } finally {
    await target.close()
  }
}

parentPort?.postMessage(await answer(workerData as BackupRequest))
