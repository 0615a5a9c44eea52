// Finds the place that a person names: a directory or an S3 URL, a backup or what holds several.
import { basename, dirname, resolve } from 'node:path'
import type { Millis } from '../../domain/time.ts'
import { openDirectoryBackups } from '../adapters/backup-directory.ts'
import type { S3Settings } from '../adapters/backup-s3.ts'
import type { BackupTarget } from './target.ts'

const S3 = 's3://'

/** @param place a directory, or `s3://bucket/prefix` */
export const openBackups = async (place: string, s3?: S3Settings): Promise<BackupTarget> => {
  if (!place.startsWith(S3)) return openDirectoryBackups(place)
  // Loaded only where it is chosen: the client is large.
  const { openS3Backups } = await import('../adapters/backup-s3.ts')
  return openS3Backups(place, s3)
}

/** A backup, or the name for one, at its target. */
export interface NamedBackup {
  readonly target: BackupTarget
  readonly name: string
}

/** The last part of the place is the name. */
export const openNamed = async (place: string, s3?: S3Settings): Promise<NamedBackup> => {
  if (!place.startsWith(S3)) {
    const path = resolve(place)
    return { target: openDirectoryBackups(dirname(path)), name: basename(path) }
  }
  const path = place.replace(/\/+$/, '')
  const cut = path.lastIndexOf('/')
  if (cut < S3.length) throw new Error(`${S3}BUCKET/…/NAME: the name of the backup is missing`)
  return { target: await openBackups(path.slice(0, cut), s3), name: path.slice(cut + 1) }
}

const iso = (at: Millis): string => new Date(at).toISOString()

/**
 * @param place a backup, or what holds several: then the newest, or with `until` the first that
 * reaches so far
 * @throws Error when there is none
 */
export const findBackup = async (
  place: string,
  { until, s3 }: { readonly until?: Millis | undefined; readonly s3?: S3Settings | undefined },
): Promise<NamedBackup> => {
  const target = await openBackups(place, s3)
  const complete = await target.list()
  if (complete.length === 0) {
    await target.close()
    return openNamed(place, s3)
  }
  const byTime = complete.sort((a, b) => a.takenAt - b.takenAt)
  const chosen =
    until === undefined ? byTime.at(-1) : byTime.find(({ takenAt }) => takenAt >= until)
  if (chosen !== undefined) return { target, name: chosen.name }
  await target.close()
  throw new Error(
    `no backup at ${target.url} reaches ${iso(until!)}: the newest is of ${iso(byTime.at(-1)!.takenAt)}`,
  )
}
