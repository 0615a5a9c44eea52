// What a backup says of itself: its files with their sums, and how far it reaches.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Topic } from '../../domain/ports/log.ts'
import type { Millis } from '../../domain/time.ts'
import { sumTree, type TreeFile } from './tree.ts'

export const MANIFEST = 'manifest.json'
const FORMAT = 1

/** One partition of the copied log: records from `start` up to, without, `end`. */
export interface CopiedPartition {
  readonly topic: Topic
  readonly partition: number
  readonly start: number
  readonly end: number
}

export interface CopiedCheckpoint {
  readonly name: string
  /** Offset of the next event that it would take. */
  readonly position: number
}

export interface Manifest {
  readonly format: typeof FORMAT
  readonly takenAt: Millis
  /** Of every topic. */
  readonly partitions: number
  readonly positions: readonly CopiedPartition[]
  /** Those that the copied log reaches; without one the correlator begins at the oldest event. */
  readonly checkpoints: readonly CopiedCheckpoint[]
  readonly bytes: number
  readonly files: readonly TreeFile[]
}

/** Sums what lies in `directory`, which holds no manifest yet. */
export const describeBackup = async (
  directory: string,
  about: Pick<Manifest, 'takenAt' | 'partitions' | 'positions' | 'checkpoints'>,
): Promise<Manifest> => {
  const files = await sumTree(directory)
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return { format: FORMAT, ...about, bytes, files }
}

/** Beneath the backup, whoever wrote it: never out of it. */
const isInside = (path: unknown): boolean =>
  typeof path === 'string' &&
  path !== MANIFEST &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..') &&
  !/[\\\0]/.test(path)

/**
 * @param where for people
 * @throws Error when it is no manifest of this format, or names a file outside of the backup
 */
export const parseManifest = (text: string, where: string): Manifest => {
  let manifest: Manifest
  try {
    manifest = JSON.parse(text) as Manifest
  } catch (error) {
    throw new Error(`${where}: ${MANIFEST} is damaged: ${(error as Error).message}`)
  }
  if (manifest?.format !== FORMAT)
    throw new Error(`${where}: ${MANIFEST} is of format ${manifest?.format}; this reads ${FORMAT}`)
  if (!Array.isArray(manifest.files) || typeof manifest.takenAt !== 'number')
    throw new Error(`${where}: ${MANIFEST} is damaged: it names no files or no time`)
  const outside = manifest.files.find((file) => !isInside(file?.path))
  if (outside !== undefined)
    throw new Error(`${where}: ${JSON.stringify(outside?.path)} is not within the backup`)
  return manifest
}

/** @throws Error when `directory` holds no manifest of this format */
const readManifest = async (directory: string): Promise<Manifest> => {
  const text = await readFile(join(directory, MANIFEST), 'utf8').catch((error: Error) => {
    throw new Error(`${directory} is no backup: ${error.message}`)
  })
  return parseManifest(text, directory)
}

const faultsOf = (said: Manifest, found: readonly TreeFile[]): string[] => {
  const there = new Map(found.map((file) => [file.path, file]))
  const faults = said.files.flatMap(({ path, bytes, sha256 }) => {
    const file = there.get(path)
    there.delete(path)
    if (file === undefined) return [`${path} is missing`]
    if (file.bytes !== bytes) return [`${path} has ${file.bytes} bytes instead of ${bytes}`]
    return file.sha256 === sha256 ? [] : [`${path} is not what was written`]
  })
  there.delete(MANIFEST)
  return [...faults, ...[...there.keys()].map((path) => `${path} is not in the manifest`)]
}

/**
 * Reads a backup through and compares every file with its sum.
 * @throws Error naming each file that is not as it was written
 */
export const verifyBackup = async (directory: string): Promise<Manifest> => {
  const manifest = await readManifest(directory)
  const faults = faultsOf(manifest, await sumTree(directory))
  if (faults.length > 0) throw new Error(`${directory} is damaged:\n  ${faults.join('\n  ')}`)
  return manifest
}
