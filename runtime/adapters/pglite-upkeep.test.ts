// A store whose rows change for ever stays as long as its rows are.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, expect, test } from 'vitest'
import { removeDirectory, scratchDirectory } from '../../test/support/processes.ts'
import { keepUp } from './pglite-upkeep.ts'

const directory = scratchDirectory('upkeep')
afterAll(() => removeDirectory(directory))

const ROUNDS = 8

const bytesOf = (path: string): number =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)

test('rows that are changed over and over take no more room, and their changes neither', async () => {
  const database = await PGlite.create(directory)
  const asPool = { query: (text: string) => database.query<{ name: string }>(text) }
  await database.exec(`CREATE TABLE changing (id int PRIMARY KEY, text text, count int);
    INSERT INTO changing SELECT n, repeat('x', 200), 0 FROM generate_series(1, 4000) n`)
  const sizes: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    for (let change = 0; change < 4; change++)
      await database.exec('UPDATE changing SET count = count + 1')
    expect(await keepUp(asPool)).toEqual(['changing'])
    sizes.push(bytesOf(directory))
  }
  const [, , settled = 0] = sizes
  expect(sizes.at(-1)! - settled).toBeLessThan(ROUNDS * 1024 * 1024)
  expect(await keepUp(asPool)).toEqual([])
  await database.close()
})
