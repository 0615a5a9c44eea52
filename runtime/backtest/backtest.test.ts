// A whole backtest over a simulated estate: the files, their formats, and what bad input leads to.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEstate } from '../../bench/estate/estate.ts'
import { estateFiles } from '../../bench/estate/files.ts'
import { type BacktestSummary, runBacktest } from './backtest.ts'
import { compareBacktests } from './compare.ts'
import { parseLabels } from './labels.ts'

const folder = mkdtempSync(join(tmpdir(), 'faultline-backtest-'))
afterAll(() => rmSync(folder, { recursive: true }))

const files = estateFiles(createEstate('backtest', 'ordinary'))
const put = (name: string, content: string | Buffer): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const input = {
  deliveries: put('deliveries.jsonl.gz', gzipSync(files['deliveries.jsonl'])),
  topology: put('topology.json', files['topology.json']),
  changes: put('changes.jsonl', files['changes.jsonl']),
  labels: put('truth.csv.gz', gzipSync(files['truth.csv'])),
}
const out = join(folder, 'out')
const text = (name: string, from = out): string => readFileSync(join(from, name), 'utf8')
const items = (name: string, from = out): Record<string, unknown>[] =>
  text(name, from)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

describe('a backtest', () => {
  let summary: BacktestSummary
  beforeAll(async () => {
    summary = await runBacktest({ ...input, out })
  })

  test('gives every accepted alert of every delivery its row, in order', () => {
    const rows = text('assignments.csv').trimEnd().split('\n')
    expect(rows[0]).toBe('line,index,event_id,alert_id,incident_id')
    const places = rows.slice(1).map((row) => row.split(',').slice(0, 2).join(','))
    const labelled = files['truth.csv']
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((row) => row.split(',').slice(0, 2).join(','))
    expect(places).toEqual(labelled)
    expect(summary.events).toBe(labelled.length)
    expect(summary.scores?.unassigned).toBe(0)
  })

  test('names only incidents that stand, and all of them', () => {
    const incidents = items('incidents.jsonl')
    const ids = new Set(incidents.map((incident) => incident.incident_id))
    const named = new Set(
      text('assignments.csv')
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((row) => row.split(',')[4])
        .filter((id) => id !== ''),
    )
    expect([...named].filter((id) => !ids.has(id))).toEqual([])
    expect([...ids].filter((id) => !named.has(id as string))).toEqual([])
    expect(summary.incidents).toBe(ids.size)
    for (const incident of incidents)
      expect(incident).toMatchObject({
        title: expect.any(String),
        severity: expect.stringMatching(/^(critical|error|warning|info)$/),
        opened_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        cis: expect.any(Array),
        hints: expect.any(Array),
      })
  })

  test('gives evidence for the alerts of its incidents', () => {
    const evidence = items('evidence.jsonl')
    const incidents = new Set(items('incidents.jsonl').map((incident) => incident.incident_id))
    expect(evidence.length).toBeGreaterThanOrEqual(incidents.size)
    for (const { incident_id, alert_id, reasons } of evidence) {
      expect(incidents.has(incident_id as string)).toBe(true)
      expect(alert_id).toEqual(expect.any(String))
      expect(reasons).toEqual(expect.any(Array))
    }
  })

  test('sums up what it wrote, and scores it', () => {
    expect(JSON.parse(text('summary.json'))).toEqual(summary)
    expect(summary).toMatchObject({ badLines: 0, refused: 0, reordered: 0 })
    expect(summary.alerts + summary.occurrences).toBeLessThanOrEqual(summary.events)
    expect(summary.scores?.alerts.bCubed.f1).toBeGreaterThan(0.9)
    expect(summary.scores?.faultAlerts.units).toBeGreaterThan(50)
  })

  test('run again it gives the same files, byte for byte', async () => {
    const again = join(folder, 'again')
    await runBacktest({ ...input, out: again })
    for (const name of ['assignments.csv', 'incidents.jsonl', 'problems.jsonl', 'evidence.jsonl'])
      expect(text(name, again) === text(name), name).toBe(true)
  })
})

test('a wrong line is reported by its number and costs nothing else', async () => {
  const lines = files['deliveries.jsonl'].trimEnd().split('\n').slice(0, 200)
  lines[10] = '{"receivedAt":"2026-03-02T'
  lines[20] = '{"receivedAt":"2026-03-02T00:30:00Z","source":"nagios-2000","payload":{}}'
  lines[30] = ''
  const summary = await runBacktest({
    deliveries: put('wrong.jsonl', lines.join('\n')),
    out: join(folder, 'wrong'),
  })
  expect(items('rejects.jsonl', join(folder, 'wrong'))).toMatchObject([
    { line: 11, reason: 'not-json' },
    { line: 21, reason: 'source-unknown' },
  ])
  const events = parseLabels(files['truth.csv']).filter(
    ({ line }) => line <= 200 && ![11, 21, 31].includes(line),
  ).length
  expect(summary).toMatchObject({ badLines: 1, refused: 1, deliveries: 198, events })
})

test('a comparison shows what a second configuration tears apart', async () => {
  const aloof = put('aloof.yaml', 'correlator:\n  joinThreshold: 1000\n')
  const asIs = put('as-is.yaml', 'correlator: {}\n')
  const both = join(folder, 'both')
  const comparison = await compareBacktests({ ...input, configs: [asIs, aloof], out: both })
  expect(comparison.agreementAri).toBeLessThan(1)
  expect(comparison.splitByB.length).toBeGreaterThan(5)
  expect(comparison.joinedByB).toEqual([])
  expect(comparison.a.scores!.faultAlerts.ari).toBeGreaterThan(comparison.b.scores!.faultAlerts.ari)
  expect(JSON.parse(text('comparison.json', both))).toEqual(comparison)
  expect(text('assignments.csv', join(both, 'a'))).toBe(text('assignments.csv'))
})
