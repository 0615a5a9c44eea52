// `faultline import`: the real program over a small log, at once and in goes, with the same figures.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { HAND_WRITTEN_LOG } from '../../dashboards/testing/servicenow-log.fixture.ts'
import { ROOT, removeDirectory, scratchDirectory } from '../../test/support/processes.ts'

const directory = scratchDirectory('import')
afterAll(() => removeDirectory(directory))

interface Imported {
  readonly incidents: number
  readonly transitions: number
  readonly loaded: number
  readonly from: string
  readonly to: string
  readonly kpis: readonly {
    readonly id: string
    readonly count: number
    readonly values: Readonly<Record<string, number>>
    readonly by: Readonly<Record<string, { readonly count: number }>>
  }[]
}

const run = async (file: string, data: string): Promise<Imported> => {
  const program = ['--import', 'tsx', join(ROOT, 'runtime/cli/main.ts')]
  const args = [
    'import',
    'servicenow-log',
    '--file',
    file,
    '--data',
    join(directory, data),
    '--json',
  ]
  const { stdout } = await promisify(execFile)(process.execPath, [...program, ...args], {
    cwd: ROOT,
  })
  return JSON.parse(stdout) as Imported
}

test('late rows, doubled rows and gzip give what the whole log gives at once', async () => {
  const [header, ...rows] = HAND_WRITTEN_LOG.trimEnd().split('\n')
  const file = (name: string, lines: readonly string[]): string => {
    const path = join(directory, name)
    const text = Buffer.from(`${[header, ...lines].join('\n')}\n`)
    writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text)
    return path
  }
  const whole = await run(file('whole.csv.gz', rows), 'whole')
  const early = rows.filter((_, i) => i % 4 !== 1)
  await run(file('early.csv', [...early, ...early].reverse()), 'goes')
  const late = await run(
    file('late.csv', [...rows.filter((_, i) => i % 4 === 1), ...early.slice(0, 5)]),
    'goes',
  )

  expect([whole.incidents, whole.transitions, whole.loaded]).toEqual([5, rows.length, rows.length])
  expect([whole.from, whole.to]).toEqual(['2016-02-29T23:59:00.000Z', '2016-03-09T19:00:00.001Z'])
  expect(late.kpis).toEqual(whole.kpis)

  // By hand: 4 h 30, 3 d 10 h 1 min over a leap day, 11 h and 9 h 45; one was never resolved.
  const mttr = whole.kpis.find(({ id }) => id === 'mttr')!
  expect([mttr.count, mttr.values.mean]).toEqual([4, (16_200 + 295_260 + 39_600 + 35_100) / 4])
  expect(Object.entries(mttr.by).map(([key, { count }]) => [key, count])).toEqual([
    ['P1', 1],
    ['P2', 1],
    ['P3', 2],
  ])
}, 60_000)
