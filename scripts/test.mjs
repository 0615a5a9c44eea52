// Runs both suites and ends with one true line: N passed, N failed, N skipped.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ARTEFACTS = join(ROOT, '.artefacts')
const SUITES = ['embedded', 'real']

const runSuite = (suite, extra) => {
  const report = join(ARTEFACTS, `tests-${suite}.json`)
  rmSync(report, { force: true })
  const { status } = spawnSync(
    process.execPath,
    [
      join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      `--project=${suite}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...extra,
    ],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] },
  )
  return { status: status ?? 1, ...readCounts(report) }
}

const readCounts = (report) => {
  try {
    const json = JSON.parse(readFileSync(report, 'utf8'))
    const brokenFiles = json.testResults.filter(
      (file) =>
        file.status === 'failed' && file.assertionResults.every((t) => t.status !== 'failed'),
    ).length
    return {
      passed: json.numPassedTests,
      failed: json.numFailedTests + brokenFiles,
      skipped: json.numPendingTests + json.numTodoTests,
    }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

mkdirSync(ARTEFACTS, { recursive: true })
const chosen = process.argv.slice(2)
const suites = SUITES.filter((suite) => !chosen.includes(`--no-${suite}`))
const extra = chosen.filter((word) => !word.startsWith('--no-'))
const results = suites.map((suite) => runSuite(suite, extra))
const sum = (key) => results.reduce((total, result) => total + result[key], 0)
const failed = Math.max(sum('failed'), results.some((result) => result.status !== 0) ? 1 : 0)
process.stdout.write(`\n${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped\n`)
process.exit(failed === 0 ? 0 : 1)
