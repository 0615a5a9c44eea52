// Every PromQL expression of ours, read by Prometheus' own parser.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { ALERT_RULES } from './alert-rules.ts'
import { buildDashboard } from './dashboard.ts'
import { pipelineHealth } from './pipeline-health.ts'

const PROMTOOL = 'promtool'
const present = spawnSync(PROMTOOL, ['--version']).status === 0
const required = process.env.FAULTLINE_REQUIRE_REAL === '1'

describe.skipIf(!present && !required)('PromQL (needs promtool, Debian package prometheus)', () => {
  test('is valid in every panel and every alert rule', () => {
    const panels = JSON.parse(JSON.stringify(buildDashboard(pipelineHealth))) as {
      panels: { targets?: { expr: string }[] }[]
    }
    const expressions = panels.panels.flatMap(({ targets }) => (targets ?? []).map((t) => t.expr))
    expect(expressions.length).toBeGreaterThan(12)
    const rules = [
      ...expressions.map((expr, i) => ({
        record: `panel:${i}`,
        expr: expr.replaceAll('$__rate_interval', '1m'),
      })),
      ...ALERT_RULES.map(({ title, expression, above }) => ({
        alert: title,
        expr: `${expression} > ${above}`,
      })),
    ]
    const directory = mkdtempSync(join(tmpdir(), 'faultline-promql-'))
    try {
      const file = join(directory, 'rules.yml')
      writeFileSync(file, stringify({ groups: [{ name: 'all', rules }] }))
      const answer = execFileSync(PROMTOOL, ['check', 'rules', file], { encoding: 'utf8' })
      expect(answer).toContain(`${rules.length} rules found`)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  })
})
