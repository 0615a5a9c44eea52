// What every BackupTarget promises, as tests: a directory and a bucket run the same ones.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { removeDirectory, scratchDirectory } from '../../test/support/processes.ts'
import { MANIFEST, verifyBackup } from '../backup/manifest.ts'
import type { BackupTarget } from '../backup/target.ts'

/** A place that starts empty, seen from outside of the target as well. */
export interface BackupPlace {
  open(): BackupTarget
  /** Puts something there that no target wrote. */
  plant(path: string, text: string): Promise<void>
  /** Paths of everything that lies there, hidden or not. */
  paths(): Promise<string[]>
  dispose(): Promise<void>
}

type Content = Readonly<Record<string, Buffer | string>>

export const describeBackupTarget = (
  name: string,
  prepare: () => Promise<BackupPlace>,
  /** Longer than one part of an upload. */
  largeBytes: number,
): void => {
  describe(`the contract of backups in ${name}`, () => {
    const scratch = scratchDirectory('backup-contract')
    let place: BackupPlace
    let target: BackupTarget
    let drafts = 0
    beforeAll(async () => {
      place = await prepare()
    })
    afterAll(async () => {
      await place.dispose()
      removeDirectory(scratch)
    })
    beforeEach(async () => {
      target = place.open()
      for (const { name: old } of await target.list()) await target.remove(old)
    })

    const draftOf = (takenAt: number, content: Content, manifest: object = {}): string => {
      const draft = join(target.draftsIn ?? scratch, `.draft-${drafts++}.1.draft`)
      const files = Object.entries(content).map(([path, text]) => {
        mkdirSync(dirname(join(draft, path)), { recursive: true })
        writeFileSync(join(draft, path), text)
        const sha256 = createHash('sha256').update(text).digest('hex')
        return { path, bytes: Buffer.byteLength(text), sha256 }
      })
      const said = { format: 1, takenAt, partitions: 1, positions: [], checkpoints: [], bytes: 0 }
      writeFileSync(join(draft, MANIFEST), JSON.stringify({ ...said, files, ...manifest }))
      return draft
    }
    const content: Content = { 'log/events-0/1.log': 'one', 'log/log.json': '{}', empty: '' }
    const fetchTo = async (backup: string, to: string): Promise<string> => {
      const directory = join(scratch, to)
      await target.fetch(backup, directory)
      return directory
    }

    test('a place where nothing is has no backups, and every name is vacant', async () => {
      expect(await target.list()).toEqual([])
      expect(await target.isVacant('a')).toBe(true)
      await expect(fetchTo('a', 'absent')).rejects.toThrow(/is no backup/)
    })

    test('what is stored is listed and comes back byte for byte', async () => {
      const large = randomBytes(largeBytes)
      await target.store('a', draftOf(7, { ...content, 'log/events-0/2.log': large }))
      expect(await target.list()).toEqual([{ name: 'a', takenAt: 7 }])
      expect(await target.isVacant('a')).toBe(false)
      const directory = await fetchTo('a', 'back')
      expect(await verifyBackup(directory)).toMatchObject({ takenAt: 7 })
      expect(readFileSync(join(directory, 'log/events-0/2.log')).equals(large)).toBe(true)
    })

    test('each is by itself: removing one leaves its neighbours, of like names too', async () => {
      for (const [index, backup] of ['a', 'ab', 'b'].entries())
        await target.store(backup, draftOf(index, content))
      await target.remove('a')
      expect((await target.list()).map((kept) => kept.name)).toEqual(['ab', 'b'])
      expect((await place.paths()).filter((path) => /^a\//.test(path))).toEqual([])
      await verifyBackup(await fetchTo('ab', 'neighbour'))
    })

    test('what is not a backup is not listed, and neither removed nor swept', async () => {
      await place.plant('photos/holiday.txt', 'mine')
      expect(await target.list()).toEqual([])
      await target.sweep(Number.MAX_SAFE_INTEGER)
      expect(await place.paths()).toContain('photos/holiday.txt')
    })

    test('without its manifest nothing is a backup', async () => {
      await place.plant('cut/log/events-0/1.log', 'one')
      expect(await target.list()).toEqual([])
      await expect(fetchTo('cut', 'cut')).rejects.toThrow(/is no backup/)
    })

    test.each(['../outside', '/etc/outside', 'log/../../outside', 'log\\..\\outside', ''])(
      'a manifest that names %j is not followed',
      async (path) => {
        const files = [{ path, bytes: 3, sha256: 'x' }]
        const manifest = { format: 1, takenAt: 1, partitions: 1, positions: [], files }
        await place.plant(`bad/${MANIFEST}`, JSON.stringify(manifest))
        await expect(fetchTo('bad', 'bad')).rejects.toThrow(/not within the backup/)
        expect(existsSync(join(scratch, 'outside'))).toBe(false)
        await place.plant(`bad/${MANIFEST}`, JSON.stringify({ ...manifest, files: [] }))
      },
    )
  })
}
