// Chaos on real Kafka and PostgreSQL, a process a role: two edges, two correlators, one network cut.
// FAULTS 28, 29, 32 and 35; `npm run chaos -- --on kafka` has many more, and takes longer.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { POSTGRES_PROGRAMS } from '../support/postgres.ts'
import { ROOT, removeDirectory, scratchDirectory } from '../support/processes.ts'
import { describeWith } from '../support/real.ts'
import { createKafkaWorld } from './kafka.ts'
import { reportText, runChaos } from './run.ts'

let directory: string | undefined
afterEach(() => {
  if (directory !== undefined) removeDirectory(directory)
})

/** Those that move partitions from one correlator to the other, and one poison. */
const STRIKES = /^kill -9 of correlator|^a correlator sleeps|^the network|^a poison record/
const STRIKES_COUNT = 4
/** Where a violation is kept, also when a second run does not meet it again. */
const KEPT = join(ROOT, '.artefacts')

describeWith('Kafka, PostgreSQL and two correlators', POSTGRES_PROGRAMS, () => {
  test('after rebalances, a sleep and a cut network all is as in an undisturbed run', {
    timeout: 600_000,
    retry: 1,
  }, async () => {
    directory = scratchDirectory('chaos-kafka')
    const report = await runChaos({
      seed: process.env.FAULTLINE_CHAOS_SEED ?? 'in every run',
      rounds: STRIKES_COUNT,
      world: createKafkaWorld(directory),
      only: STRIKES,
    })
    if (report.violations.length > 0) {
      mkdirSync(KEPT, { recursive: true })
      writeFileSync(join(KEPT, `chaos-kafka-${Date.now()}.txt`), reportText(report))
    }
    expect(report.violations, reportText(report)).toEqual([])
    expect(Object.values(report.struck)).toEqual([1, 1, 1, 1])
    expect(report.incidents).toBeGreaterThan(0)
  })
})
