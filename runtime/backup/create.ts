// Takes a backup of a data directory, also while a Faultline writes to it.
import {
  constants,
  copyFile,
  link,
  mkdir,
  readdir,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import type { Topic } from '../../domain/ports/log.ts'
import { type Clock, DAY_MS } from '../../domain/time.ts'
import { openFileCheckpoints } from '../adapters/checkpoint-files.ts'
import { proveLog } from './log-files.ts'
import {
  type CopiedCheckpoint,
  type CopiedPartition,
  describeBackup,
  MANIFEST,
  type Manifest,
} from './manifest.ts'
import type { BackupTarget } from './target.ts'
import { draftName, sweepDrafts } from './tree.ts'

/*
 * No lock is taken and nothing is held up, so the copy is consistent by order alone: every effect
 * is noted before its cause. Files only grow at their ends, so what is noted later holds more.
 *
 *   checkpoints          hold what came of events whose incidents are in the log by then
 *   tickets              come of incidents and commands
 *   dead-letters         come of any record
 *   incidents            come of events
 *   events               come of senders, and of commands
 *   commands             come of people
 *
 * What the copy lacks of the effects, its causes bring forth again after a restore.
 */
const EFFECTS_FIRST: readonly Topic[] = [
  'tickets',
  'dead-letters',
  'incidents',
  'events',
  'commands',
]

const CHECKPOINT = /^(.+)\.(\d+)\.\d+\.checkpoint$/
const ATTEMPTS_MAX = 10
/** No backup takes so long. */
export const DRAFT_AGE_MAX_MS = 2 * DAY_MS

export interface BackupOptions {
  /** Data directory of a Faultline. */
  readonly data: string
  readonly to: BackupTarget
  /** What it is to be called there. */
  readonly name: string
  readonly clock: Clock
  progress?(text: string): void
}

interface NotedFile {
  readonly path: string
  readonly bytes: number
  /** Nobody writes to it any more. */
  readonly isFull: boolean
}

/**
 * Newest segments of a partition that may still be written to: where beginning one failed, the one
 * before it goes on.
 */
const GROWING = 2

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

interface Copying {
  readonly from: string
  readonly to: string
  readonly links: boolean
}

/** @returns false where the file system or the rights do not allow it */
const linkFull = async (from: string, to: string): Promise<boolean> => {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (isGone(error)) throw error
    return false
  }
}

/**
 * Clones where the file system can, else copies; never more than was noted. A draft that is sent
 * elsewhere takes full segments under a second name, and so no room.
 */
const copyNoted = async (
  { from, to, links }: Copying,
  { path, bytes, isFull }: NotedFile,
): Promise<void> => {
  const target = join(to, path)
  if (links && isFull && (await linkFull(join(from, path), target))) return
  await copyFile(join(from, path), target, constants.COPYFILE_FICLONE)
  if ((await stat(target)).size > bytes) await truncate(target, bytes)
}

/** The owner may save meanwhile, which removes the oldest: then looked at again. */
const copyCheckpoints = async (from: string, to: string): Promise<CopiedCheckpoint[]> => {
  await mkdir(to, { recursive: true })
  for (let attempt = 1; ; attempt++) {
    const files = (await readdir(from).catch(() => [])).filter((name) => CHECKPOINT.test(name))
    try {
      for (const file of files) await copyFile(join(from, file), join(to, file))
      return await describeCheckpoints(to, files)
    } catch (error) {
      if (!isGone(error) || attempt === ATTEMPTS_MAX) throw error
      for (const file of await readdir(to)) await rm(join(to, file))
    }
  }
}

/** A restored owner's epoch has to be beyond the copied ones, so each keeps its marker. */
const describeCheckpoints = async (
  directory: string,
  files: readonly string[],
): Promise<CopiedCheckpoint[]> => {
  const names = new Set<string>()
  for (const file of files) {
    const [, name, epoch] = CHECKPOINT.exec(file)!
    names.add(decodeURIComponent(name!))
    await writeFile(join(directory, `${name}.${epoch}.epoch`), '')
  }
  const store = await openFileCheckpoints({ directory })
  const copied: CopiedCheckpoint[] = []
  for (const name of names) {
    const checkpoint = await store.load(name)
    if (checkpoint !== undefined) copied.push({ name, position: checkpoint.position })
  }
  return copied
}

/** Names first, sizes after: a segment that begins in between is left out, and is the newest. */
const noteSegments = async (log: string, partition: string): Promise<NotedFile[]> => {
  const names = (await readdir(join(log, partition)).catch(() => []))
    .filter((name) => name.endsWith('.log'))
    .sort()
  const noted: NotedFile[] = []
  for (const [index, name] of names.entries()) {
    const path = join(partition, name)
    const isFull = index < names.length - GROWING
    try {
      noted.push({ path, bytes: (await stat(join(log, path))).size, isFull })
    } catch (error) {
      if (!isGone(error)) throw error // retention took it, as the oldest
    }
  }
  return noted
}

const copyLog = async (
  copying: Copying,
  partitions: number,
  progress: (text: string) => void,
): Promise<void> => {
  const { from, to } = copying
  const noted: NotedFile[] = []
  for (const topic of EFFECTS_FIRST)
    for (let index = 0; index < partitions; index++) {
      const partition = `${topic}-${index}`
      await mkdir(join(to, partition), { recursive: true })
      noted.push(...(await noteSegments(from, partition)))
    }
  for (const [index, file] of noted.entries()) {
    progress(`copying ${index + 1} of ${noted.length} segments`)
    try {
      await copyNoted(copying, file)
    } catch (error) {
      if (!isGone(error)) throw error // as above: its partition begins later
    }
  }
}

const partitionsIn = async (log: string): Promise<number> => {
  const names = await readdir(log).catch((): string[] => [])
  const partitions = names.filter((name) => /^events-\d+$/.test(name)).length
  if (partitions === 0 || !names.includes('log.json'))
    throw new Error(`${log} holds no log: is this the data directory of an embedded Faultline?`)
  return partitions
}

/** Holds by the order of copying; a checkpoint from elsewhere would make the log skip offsets. */
const refuseBeyond = (
  { name, position }: CopiedCheckpoint,
  positions: readonly CopiedPartition[],
): void => {
  const events = positions.find(
    ({ topic, partition }) => topic === 'events' && name.endsWith(`-${partition}`),
  )
  if (events === undefined || position > events.end)
    throw new Error(`checkpoint ${name} is at ${position}, beyond the events that were copied`)
}

const fill = async (draft: string, options: BackupOptions): Promise<Manifest> => {
  const { data, to, clock, progress = () => {} } = options
  const takenAt = clock.now()
  const log = join(data, 'log')
  const partitions = await partitionsIn(log)
  const checkpoints = await copyCheckpoints(join(data, 'checkpoints'), join(draft, 'checkpoints'))
  await mkdir(join(draft, 'log'))
  await copyFile(join(log, 'log.json'), join(draft, 'log', 'log.json'))
  const links = to.draftsIn === undefined
  await copyLog({ from: log, to: join(draft, 'log'), links }, partitions, progress)
  progress('reading the copy')
  const positions = await proveLog(join(draft, 'log'), clock)
  for (const checkpoint of checkpoints) refuseBeyond(checkpoint, positions)
  progress('summing the copy')
  const manifest = await describeBackup(draft, { takenAt, partitions, positions, checkpoints })
  await writeFile(join(draft, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}

/**
 * Copies the log and the checkpoints: what a restore needs to make everything else again. The
 * backup appears whole and durable, or not at all.
 * @throws Error when the name is taken or `data` holds no embedded log
 */
export const createBackup = async (options: BackupOptions): Promise<Manifest> => {
  const { data, to, name, clock, progress = () => {} } = options
  if (!(await to.isVacant(name)))
    throw new Error(`${to.url}/${name} is not empty; choose a new name`)
  await partitionsIn(join(data, 'log'))
  const draftsIn = to.draftsIn ?? data
  await sweepDrafts(draftsIn, clock.now() - DRAFT_AGE_MAX_MS)
  const draft = join(draftsIn, draftName(name))
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  try {
    const manifest = await fill(draft, options)
    progress(`storing it at ${to.url}`)
    await to.store(name, draft)
    return manifest
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}
