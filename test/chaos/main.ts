// `npm run chaos -- --on kafka --rounds 50 --seed tuesday`: shakes an installation and reports.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { removeDirectory, scratchDirectory } from '../support/processes.ts'
import { createEmbeddedWorld } from './embedded.ts'
import { createKafkaWorld } from './kafka.ts'
import { reportText, runChaos } from './run.ts'
import type { ChaosWorld } from './world.ts'

const { values } = parseArgs({
  options: {
    on: { type: 'string', default: 'embedded' },
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now()) },
    only: { type: 'string', default: '.' },
  },
})
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1)
  throw new RangeError(`--rounds ${values.rounds}: must be a whole number from 1`)

const directory = scratchDirectory('chaos')
const WORLDS: Readonly<Record<string, () => ChaosWorld>> = {
  embedded: () =>
    createEmbeddedWorld(join(directory, 'data'), (settings) => {
      const path = join(directory, 'faultline.yaml')
      writeFileSync(path, JSON.stringify(settings))
      return path
    }),
  kafka: () => createKafkaWorld(directory),
}
const create = WORLDS[values.on]
if (create === undefined) throw new RangeError(`--on ${values.on}: embedded or kafka`)

/** One line that is written over on a terminal, a line each elsewhere. */
const progress = (text: string): void => {
  const line = process.stderr.isTTY ? `\r\x1b[K${text}` : `${new Date().toISOString()} ${text}\n`
  process.stderr.write(line)
}

const world = create()
// Processes, brokers and namespaces must not outlive whoever asked for them.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void world.end().finally(() => {
      removeDirectory(directory)
      process.exit(1)
    })
  })

try {
  const report = await runChaos({
    world,
    seed: values.seed,
    rounds,
    only: new RegExp(values.only),
    progress,
  })
  process.stdout.write(`${reportText(report)}\n`)
  process.exitCode = report.violations.length === 0 ? 0 : 1
} finally {
  removeDirectory(directory)
}
