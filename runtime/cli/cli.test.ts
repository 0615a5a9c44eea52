// The command line's contract with scripts: exit codes, where it speaks, and what it says.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { table } from './output.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

interface Result {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const faultline = (...args: string[]): Promise<Result> =>
  new Promise((resolve) => {
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
    [['--help'], 0, /Usage: faultline/],
    [['--version'], 0, /^\d+\.\d+\.\d+/],
    [['serve', '--help'], 0, /Examples:/],
    [['check-config'], 0, /is fine/],
    [['nope'], 2, /unknown command/],
    [['serve', '--role', 'cook'], 2, /ingest, correlator, ticketing, facts/],
    [['serve', '--port', 'eighty'], 2, /0 to 65535/],
    [['serve', '--host', '0.0.0.0'], 2, /auth\.tokens/],
    [['check-config', '/nope.yaml'], 2, /nope\.yaml/],
    [['incidents', '--limit', '0'], 2, /whole number/],
    [['incidents', '--url', 'http://127.0.0.1:9'], 1, /is `faultline serve` running there/],
    [['incidents', 'merge', 'INC-1'], 2, /--into/],
    [['incidents', 'split', 'INC-1'], 2, /missing required argument/],
    [['incidents', 'undo', 'INC-1', '--url', 'http://127.0.0.1:9'], 1, /127\.0\.0\.1:9/],
    [['problems', 'report', '--csv', '--json'], 2, /not both/],
    [['import', 'servicenow-log'], 2, /--file/],
    [['import', 'servicenow-log', '--file', '/nope.csv', '--data', '/tmp/nope'], 1, /nope\.csv/],
    [['backtest', '--out', 'x'], 2, /--deliveries/],
    [['backtest', '--deliveries', '/nope.jsonl', '--out', '/tmp/nope'], 1, /nope\.jsonl/],
  ])('%j exits with %d and says why', async (args, code, said) => {
    const result = await faultline(...args)
    expect(result.stdout + result.stderr).toMatch(said)
    expect(result.code).toBe(code)
    if (code !== 0) expect(result.stdout).toBe('')
  })

  test('dashboards export writes what Grafana provisions', async () => {
    const out = mkdtempSync(join(tmpdir(), 'faultline-grafana-'))
    const result = await faultline('dashboards', 'export', '--out', out)
    expect(result.code).toBe(0)
    expect(readdirSync(join(out, 'dashboards')).length).toBeGreaterThan(0)
    expect(readdirSync(join(out, 'provisioning'))).toContain('datasources')
  })
})

describe('a table', () => {
  test('aligns numbers right and text left', () => {
    const rows = [
      ['INC-1', 7],
      ['INC-12', 1234],
    ]
    expect(table(['number', 'alerts'], rows)).toBe(
      ['number  alerts', 'INC-1        7', 'INC-12    1234'].join('\n'),
    )
  })

  test('shows control characters instead of obeying them', () => {
    expect(table(['title'], [['\u001b[31mred\u202e']])).toBe('title\n\\u001b[31mred\\u202e')
  })
})
