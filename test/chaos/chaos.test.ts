// Chaos on the embedded default: whatever strikes, nothing acknowledged is lost, doubled or changed.
// FAULTS 13, 28, 29, 30, 35 and 36; `npm run chaos` shakes for longer.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { removeDirectory, scratchDirectory } from '../support/processes.ts'
import { FAULTS } from './faults.ts'
import { reportText, runChaos } from './run.ts'

let directory: string | undefined
afterEach(() => {
  if (directory !== undefined) removeDirectory(directory)
})

test('every fault strikes once, and no invariant is broken', async () => {
  const scratch = scratchDirectory('chaos')
  directory = scratch
  const report = await runChaos({
    seed: process.env.FAULTLINE_CHAOS_SEED ?? 'in every run',
    rounds: FAULTS.length,
    data: join(scratch, 'data'),
    writeConfig: (settings) => {
      const path = join(scratch, 'faultline.yaml')
      writeFileSync(path, JSON.stringify(settings))
      return path
    },
  })
  expect(report.violations, reportText(report)).toEqual([])
  expect(Object.values(report.struck)).toEqual(FAULTS.map(() => 1))
  expect(report.incidents).toBeGreaterThan(0)
}, 600_000)
