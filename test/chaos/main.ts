// `npm run chaos -- --rounds 50 --seed tuesday`: shakes an installation and prints what came of it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { removeDirectory, scratchDirectory } from '../support/processes.ts'
import { reportText, runChaos } from './run.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now()) },
  },
})
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1)
  throw new RangeError(`--rounds ${values.rounds}: must be a whole number from 1`)

const directory = scratchDirectory('chaos')
try {
  const report = await runChaos({
    seed: values.seed,
    rounds,
    data: join(directory, 'data'),
    writeConfig: (settings) => {
      const path = join(directory, 'faultline.yaml')
      writeFileSync(path, JSON.stringify(settings))
      return path
    },
    progress: (text) => void (process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`)),
  })
  process.stdout.write(`${reportText(report)}\n`)
  process.exitCode = report.violations.length === 0 ? 0 : 1
} finally {
  removeDirectory(directory)
}
