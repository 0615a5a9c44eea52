// Backups in a directory: each appears by one rename, once all of it is on the device.
import { constants, cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { MANIFEST, parseManifest } from '../backup/manifest.ts'
import type { BackupTarget, KeptBackup } from '../backup/target.ts'
import { draftName, isVacant, sweepDrafts, syncPath, syncTree } from '../backup/tree.ts'

const isGone = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')

const unlessGone = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch((error) => {
    if (isGone(error)) return undefined
    throw error
  })

export const openDirectoryBackups = (path: string): BackupTarget => {
  const base = resolve(path)

  const look = async (name: string): Promise<KeptBackup | undefined> => {
    if (name.startsWith('.')) return undefined // a draft
    const directory = join(base, name)
    const text = await unlessGone(readFile(join(directory, MANIFEST), 'utf8'))
    if (text === undefined) return undefined
    return { name, takenAt: parseManifest(text, directory).takenAt }
  }

  return {
    url: base,
    draftsIn: base,
    async list() {
      const names = (await unlessGone(readdir(base))) ?? []
      const found = await Promise.all(names.sort().map(look))
      return found.filter((each) => each !== undefined)
    },
    isVacant: (name) => isVacant(join(base, name)),
    async store(name, draft) {
      const target = join(base, name)
      if (!(await isVacant(target))) throw new Error(`${target} is not empty`)
      await syncTree(draft)
      await rename(draft, target)
      await syncPath(base)
    },
    async fetch(name, directory) {
      const from = join(base, name)
      const text = await unlessGone(readFile(join(from, MANIFEST), 'utf8'))
      if (text === undefined) throw new Error(`${from} is no backup: it has no ${MANIFEST}`)
      parseManifest(text, from)
      await mkdir(directory, { recursive: true })
      await cp(from, directory, { recursive: true, mode: constants.COPYFILE_FICLONE })
    },
    async remove(name) {
      // Aside first: half of a backup must not be taken for a whole one.
      const aside = join(base, draftName(name))
      await rename(join(base, name), aside)
      await rm(aside, { recursive: true, force: true })
    },
    sweep: (before) => sweepDrafts(base, before),
    close: async () => {},
  }
}
