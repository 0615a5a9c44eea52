// The soak can fail: a program that leaks is found out within seconds, and named by what it leaks.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ROOT, removeDirectory, scratchDirectory } from '../../test/support/processes.ts'
import { describeWith } from '../../test/support/real.ts'
import type { Reading } from '../report.ts'

const MAIN = join(ROOT, 'dist/runtime/cli/main.js')
const directory = scratchDirectory('soak-test')
afterAll(() => removeDirectory(directory))

/** 8 MiB and 16 file handles a second. */
const LEAK = `import { openSync } from 'node:fs'
const kept = []
setInterval(() => {
  kept.push(Buffer.alloc(2 * 1024 * 1024, 1))
  for (let i = 0; i < 4; i++) kept.push(openSync('/dev/null'))
}, 250).unref()
`

const soak = (...args: string[]): Promise<{ code: number; readings: Reading[] }> =>
  new Promise((resolve) => {
    const all = ['--import', 'tsx', join(ROOT, 'bench/soak.ts'), ...args]
    execFile(process.execPath, all, { cwd: ROOT }, (error, stdout) => {
      const lines = stdout.split('\n').filter((line) => line !== '')
      resolve({
        code: error === null ? 0 : Number(error.code),
        readings: lines.map((line) => JSON.parse(line) as Reading),
      })
    })
  })

describeWith('the built program (npm run build)', MAIN, () => {
  test('what leaks is named, what does not is not, and the exit code says so', async () => {
    const leak = join(directory, 'leak.mjs')
    writeFileSync(leak, LEAK)
    const short = ['--minutes', '0.25', '--warm-up-minutes', '0.05', '--look-seconds', '0.5']
    const { code, readings } = await soak(
      ...[...short, '--rate', '500', '--live', '200', '--import', leak],
    )
    const figures = new Map(readings.map(({ figure, value }) => [figure, value]))
    expect(figures.get('acknowledged')).toBeGreaterThan(100)
    expect(figures.get('memory, slope: grows')).toBeGreaterThan(5_000)
    expect(figures.get('file handles, slope: grows')).toBeGreaterThan(5_000)
    expect([...figures.keys()].filter((name) => /^lag, .*grows/.test(name))).toEqual([])
    expect(figures.get('SQL alerts')).toBeGreaterThan(0)
    expect(figures.get('facts events')).toBeGreaterThan(0)
    expect(code).toBe(3)
  })
})
