// Chaos on the embedded default: whatever strikes, nothing acknowledged is lost, doubled or changed.
// FAULTS 13, 28, 29, 30, 35 and 36; `npm run chaos` shakes for longer.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { ROOT, removeDirectory, scratchDirectory } from '../support/processes.ts'
import { createEmbeddedWorld } from './embedded.ts'
import { EMBEDDED_FAULTS } from './embedded-faults.ts'
import { reportText, runChaos } from './run.ts'

let directory: string | undefined
afterEach(() => {
  if (directory !== undefined) removeDirectory(directory)
})

/**
 * Real processes and real time make every run another one, which is the point of it. A violation is
 * written down, and the run repeated once: the gate asks whether it is there again, the file whether
 * there is something to find.
 */
const KEPT = join(ROOT, '.artefacts')

test('every fault strikes once, and no invariant is broken', {
  timeout: 600_000,
  retry: 1,
}, async () => {
  const scratch = scratchDirectory('chaos')
  directory = scratch
  const report = await runChaos({
    seed: process.env.FAULTLINE_CHAOS_SEED ?? 'in every run',
    rounds: EMBEDDED_FAULTS.length,
    world: createEmbeddedWorld(join(scratch, 'data'), (settings) => {
      const path = join(scratch, 'faultline.yaml')
      writeFileSync(path, JSON.stringify(settings))
      return path
    }),
  })
  if (report.violations.length > 0) {
    mkdirSync(KEPT, { recursive: true })
    writeFileSync(join(KEPT, `chaos-${Date.now()}.txt`), reportText(report))
  }
  expect(report.violations, reportText(report)).toEqual([])
  expect(Object.values(report.struck)).toEqual(EMBEDDED_FAULTS.map(() => 1))
  expect(report.incidents).toBeGreaterThan(0)
})
