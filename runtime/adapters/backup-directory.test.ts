// Backups in a directory: the contract, and what a process that died leaves there.
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { removeDirectory, scratchDirectory } from '../../test/support/processes.ts'
import { openDirectoryBackups } from './backup-directory.ts'
import { describeBackupTarget } from './backup-target.contract.ts'

describeBackupTarget(
  'a directory',
  async () => {
    const base = scratchDirectory('backup-directory')
    return {
      open: () => openDirectoryBackups(base),
      plant: async (path, text) => {
        mkdirSync(dirname(join(base, path)), { recursive: true })
        writeFileSync(join(base, path), text)
      },
      paths: async () =>
        readdirSync(base, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(base.length + 1)),
      dispose: async () => removeDirectory(base),
    }
  },
  1_000_000,
)

test('drafts of dead processes are swept by age, those of the living stay', async () => {
  const base = scratchDirectory('backup-drafts')
  mkdirSync(join(base, '.old.1.draft'))
  utimesSync(join(base, '.old.1.draft'), 1_000, 1_000)
  mkdirSync(join(base, '.new.2.draft'))
  const target = openDirectoryBackups(base)
  await target.sweep(2_000_000)
  expect(readdirSync(base)).toEqual(['.new.2.draft'])
  removeDirectory(base)
})
