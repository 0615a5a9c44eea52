// Backups from elsewhere: neither their manifest nor their links lead out of the directory.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { verifyBackup } from '../../runtime/backup/manifest.ts'
import { openNamed } from '../../runtime/backup/places.ts'
import { restoreBackup } from '../../runtime/backup/restore.ts'
import { removeDirectory, scratchDirectory } from '../support/processes.ts'

let directory: string
beforeEach(() => {
  directory = scratchDirectory('hostile-backup')
  mkdirSync(join(directory, 'backup/log'), { recursive: true })
  writeFileSync(join(directory, 'outside'), 'somebody else’s')
})
afterEach(() => removeDirectory(directory))

const backup = () => join(directory, 'backup')
const data = () => join(directory, 'data')

const writeManifest = (path: string): void => {
  const text = 'somebody else’s'
  const sha256 = createHash('sha256').update(text).digest('hex')
  const files = [{ path, bytes: Buffer.byteLength(text), sha256 }]
  const manifest = { format: 1, takenAt: 0, partitions: 1, positions: [], checkpoints: [], files }
  writeFileSync(join(backup(), 'manifest.json'), JSON.stringify({ ...manifest, bytes: 0 }))
}

const restore = async () =>
  restoreBackup({ from: await openNamed(backup()), data: data(), clock: { now: () => 0 } })

describe('path traversal by a backup', () => {
  test.each(['../outside', 'log/../../outside', '/etc/hostname', 'log\\..\\..\\outside'])(
    'a manifest that names %s is not believed',
    async (path) => {
      writeManifest(path)
      await expect(verifyBackup(backup())).rejects.toThrow(/is not within the backup/)
      await expect(restore()).rejects.toThrow(/is not within the backup/)
      expect(existsSync(join(data(), 'log'))).toBe(false)
    },
  )

  test.each(['file', 'directory'])('a link to a %s elsewhere is refused', async (kind) => {
    writeManifest('log/link')
    const target = kind === 'file' ? join(directory, 'outside') : '/etc'
    symlinkSync(target, join(backup(), 'log/link'))
    await expect(verifyBackup(backup())).rejects.toThrow(/neither a file nor a directory/)
    await expect(restore()).rejects.toThrow(/neither a file nor a directory/)
    expect(existsSync(join(data(), 'log'))).toBe(false)
  })
})
