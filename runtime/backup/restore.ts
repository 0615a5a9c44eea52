// Makes a data directory from a backup, proved before anything is put in place.
import { mkdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Clock, Millis } from '../../domain/time.ts'
import type { DeskSettings } from '../../ticketing/settings.ts'
import { proveLog } from './log-files.ts'
import { type CopiedPartition, type Manifest, verifyBackup } from './manifest.ts'
import type { NamedBackup } from './places.ts'
import { type RebuiltDesk, rebuildDesk } from './rebuild-desk.ts'
import { rewind } from './rewind.ts'
import { isVacant, syncPath, syncTree } from './tree.ts'

export interface RestoreOptions {
  readonly from: NamedBackup
  /** Data directory to make; absent or empty. */
  readonly data: string
  readonly clock: Clock
  /** Leaves out what was written to the log after that; absent = everything. */
  readonly until?: Millis
  /** The desk's settings, from the configuration; absent = the defaults. */
  readonly settings?: Partial<DeskSettings>
  progress?(text: string): void
}

export interface Restored {
  /** What was restored: with `until`, as if the backup had been taken then. */
  readonly manifest: Manifest
  readonly desk: RebuiltDesk
}

/** Inside the target, so that a volume or a directory with an owner of its own can be one. */
const DRAFT = '.restoring'
/** The log last: without it nobody takes the directory for a whole one. */
const PARTS = ['checkpoints', 'desk', 'log'] as const

const refuseDifference = (
  said: readonly CopiedPartition[],
  found: readonly CopiedPartition[],
): void => {
  const text = (positions: readonly CopiedPartition[]): string =>
    positions.map((each) => `${each.topic}-${each.partition} ${each.start}-${each.end}`).join(', ')
  if (text(said) !== text(found))
    throw new Error(`the log has ${text(found)} where the manifest says ${text(said)}`)
}

const fill = async (draft: string, options: RestoreOptions): Promise<Restored> => {
  const { from, clock, until, settings = {}, progress = () => {} } = options
  progress('fetching the backup')
  await from.target.fetch(from.name, draft)
  // A bucket has no empty directories, and not every backup has a checkpoint.
  await mkdir(join(draft, 'checkpoints'), { recursive: true })
  progress('verifying the copy')
  const whole = await verifyBackup(draft)
  const log = join(draft, 'log')
  refuseDifference(whole.positions, await proveLog(log, clock))
  const manifest = until === undefined ? whole : await rewind(draft, whole, until, clock)
  progress('rebuilding the desk')
  const { partitions } = manifest
  const desk = await rebuildDesk({
    log,
    desk: join(draft, 'desk'),
    partitions,
    clock,
    settings,
    progress,
  })
  return { manifest, desk }
}

/**
 * Facts are not part of it: they load themselves from the log at the next start.
 * @throws Error when the backup is damaged or `data` is not empty; then nothing was changed
 */
export const restoreBackup = async (options: RestoreOptions): Promise<Restored> => {
  const data = resolve(options.data)
  if (!(await isVacant(data))) throw new Error(`${data} is not empty; nothing was restored`)
  const draft = join(data, DRAFT)
  await mkdir(draft, { recursive: true })
  try {
    const restored = await fill(draft, options)
    await syncTree(draft)
    for (const part of PARTS) await rename(join(draft, part), join(data, part))
    return restored
  } finally {
    await rm(draft, { recursive: true, force: true })
    await syncPath(data)
  }
}
