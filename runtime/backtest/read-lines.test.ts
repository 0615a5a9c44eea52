// Lines come out as they went in, whatever the compression and wherever the chunks end.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { readLines, readText } from './read-lines.ts'

const folder = mkdtempSync(join(tmpdir(), 'faultline-lines-'))
afterAll(() => rmSync(folder, { recursive: true }))

const written = (name: string, bytes: string | Buffer): string => {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

const collect = async (path: string) => {
  const all: (string | undefined)[] = []
  for await (const lines of readLines(path)) all.push(...lines)
  return all
}

describe('reading lines', () => {
  const long = `ü${'x'.repeat(900_000)}`
  const text = ['first', '', long, 'é', long, 'last'].join('\n')

  test.each([
    ['plain', written('plain', text)],
    ['gzipped', written('zipped', gzipSync(text))],
    ['with a last line feed', written('ended', `${text}\n`)],
  ])('%s: the n-th item is the n-th line', async (_name, path) => {
    expect(await collect(path)).toEqual(text.split('\n'))
  })

  test('an empty file has no lines', async () => {
    expect(await collect(written('empty', ''))).toEqual([])
  })

  test('a whole text is given back as it was', async () => {
    expect(await readText(written('whole', gzipSync(text)))).toBe(text)
  })

  test('a missing file and a broken archive are errors, not empty input', async () => {
    await expect(collect(join(folder, 'nowhere'))).rejects.toThrow('ENOENT')
    await expect(collect(written('cut', gzipSync(long).subarray(0, 200)))).rejects.toThrow(
      /unexpected end/,
    )
  })
})
