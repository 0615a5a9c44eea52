// The files of a directory tree: listed, summed, and made durable.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Millis } from '../../domain/time.ts'

/** A file of a tree; `path` is relative to its root, with slashes. */
export interface TreeFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

interface Entry {
  readonly path: string
  readonly isFile: boolean
}

const walk = async (root: string): Promise<Entry[]> => {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  // A link in a backup made by somebody else would lead a restored log out of its directory.
  const strange = entries.find((entry) => !entry.isFile() && !entry.isDirectory())
  if (strange !== undefined)
    throw new Error(`${join(strange.parentPath, strange.name)} is neither a file nor a directory`)
  return entries
    .map((entry) => ({ path: join(entry.parentPath, entry.name), isFile: entry.isFile() }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

const sumFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** Every file beneath `root` with its size and SHA-256, by path. */
export const sumTree = async (root: string): Promise<TreeFile[]> => {
  const files: TreeFile[] = []
  for (const { path, isFile } of await walk(root)) {
    if (!isFile) continue
    const { size } = await stat(path)
    files.push({ path: relative(root, path), bytes: size, sha256: await sumFile(path) })
  }
  return files
}

export const syncPath = async (path: string): Promise<void> => {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Content and names of a whole tree are on the device when it resolves. */
export const syncTree = async (root: string): Promise<void> => {
  for (const { path } of await walk(root)) await syncPath(path)
  await syncPath(root)
}

/** Nothing there, or an empty directory. */
export const isVacant = async (path: string): Promise<boolean> => {
  try {
    return (await readdir(path)).length === 0
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
    throw error
  }
}

const DRAFT = /^\..+\.\d+\.draft$/

/** Hidden, and another for each process. */
export const draftName = (name: string): string => `.${name}.${process.pid}.draft`

/** Removes drafts that nobody has touched since `before`: their process died. */
export const sweepDrafts = async (directory: string, before: Millis): Promise<void> => {
  const names = await readdir(directory).catch((): string[] => [])
  for (const name of names.filter((each) => DRAFT.test(each))) {
    const path = join(directory, name)
    const { mtimeMs } = await stat(path)
    if (mtimeMs < before) await rm(path, { recursive: true, force: true })
  }
}
