// The contract of `backup`, `restore` and `drill` with scripts: exit codes, and where they speak.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { openEmbeddedLog } from '../adapters/embedded-log/embedded-log.ts'
import { createSystemClock } from '../clock.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const directory = mkdtempSync(join(tmpdir(), 'faultline-backup-cli-'))
const at = (name: string): string => join(directory, name)

afterAll(() => rmSync(directory, { recursive: true, force: true }))

const faultline = (...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', MAIN, ...args],
      { cwd: fileURLToPath(new URL('../..', import.meta.url)) },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })

describe('faultline', () => {
  test.each([
    [['backup', '--help'], 0, /Examples:/],
    [['restore', '--help'], 0, /Examples:/],
    [['drill', '--help'], 0, /Examples:/],
    [['backup'], 2, /--out/],
    [['restore', '--from', 'x'], 2, /--data/],
    [['backup', '--data', '/nope', '--out', at('none')], 1, /holds no log/],
    [['restore', '--from', '/nope', '--data', at('none')], 1, /no backup/],
    [['drill', '--from', '/nope'], 1, /no backup/],
  ])('%j exits with %d and says why', async (args, code, said) => {
    const result = await faultline(...args)
    expect(result.stdout + result.stderr).toMatch(said)
    expect(result.code).toBe(code)
    if (code !== 0) expect(result.stdout).toBe('')
  })

  test('backup --json prints JSON and nothing else, while another process has the log', async () => {
    const log = await openEmbeddedLog({ directory: at('data/log'), clock: createSystemClock() })
    const { code, stdout, stderr } = await faultline(
      ...['backup', '--data', at('data'), '--out', at('copy'), '--json'],
    )
    await log.close()
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({ out: at('copy'), checkpoints: [] })
    expect(JSON.parse(readFileSync(at('copy/manifest.json'), 'utf8'))).toMatchObject({ format: 1 })
  })
})
