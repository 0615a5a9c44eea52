// The generated Grafana files: up to date, complete, and every panel's figure checked on the engine.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Facts } from '../../domain/ports/facts.ts'
import { DAY_MS } from '../../domain/time.ts'
import { openTestFacts } from '../../runtime/adapters/facts-chdb.fixture.ts'
import { createMetrics } from '../../runtime/observe/metrics.ts'
import { kpiReference } from '../kpis/reference.ts'
import { buildEstate, WEEK_END, WEEK_START } from '../testing/estate.fixture.ts'
import { loadEstate } from '../testing/load.fixture.ts'
import { expandSql, type PanelContext } from '../testing/macros.fixture.ts'
import { COST_PER_MINUTE, ORACLES } from '../testing/oracle.fixture.ts'
import { ALERT_RULES } from './alert-rules.ts'
import { CLICKHOUSE, PROMETHEUS } from './datasources.ts'
import type { PanelSpec } from './panels.ts'
import { labelOf } from './query.ts'
import { DASHBOARDS } from './registry.ts'
import { renderGrafana } from './render.ts'

const GENERATED = fileURLToPath(new URL('./generated', import.meta.url))

const committed = (): Map<string, string> =>
  new Map(
    readdirSync(GENERATED, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = join(entry.parentPath, entry.name)
        return [file.slice(GENERATED.length + 1), readFileSync(file, 'utf8')]
      }),
  )

interface Target {
  rawSql?: string
  expr?: string
  datasource: { uid: string }
}
interface PanelJson {
  title: string
  type: string
  targets?: Target[]
}
interface DashboardJson {
  uid: string
  panels: PanelJson[]
  templating: { list: { name: string; type: string; query: string }[] }
  annotations: { list: { name: string; target: Target }[] }
}

const dashboardJson = (uid: string): DashboardJson =>
  JSON.parse(committed().get(`dashboards/${uid}.json`)!) as DashboardJson

const panelsOf = (dashboard: DashboardJson): PanelJson[] =>
  dashboard.panels.filter(({ type }) => type !== 'row')

test('`npm run dashboards` would change nothing', () => {
  expect(committed()).toEqual(renderGrafana())
  const reference = new URL('../kpis/REFERENCE.md', import.meta.url)
  expect(readFileSync(fileURLToPath(reference), 'utf8')).toBe(kpiReference())
})

test('uids are fixed, and every panel asks a provisioned data source', () => {
  const provisioned = parse(committed().get('provisioning/datasources/faultline.yaml')!) as {
    datasources: { uid: string }[]
  }
  const uids = provisioned.datasources.map(({ uid }) => uid)
  expect(uids).toEqual([CLICKHOUSE.uid, PROMETHEUS.uid])
  for (const { uid } of DASHBOARDS) {
    const panels = panelsOf(dashboardJson(uid))
    expect(panels.length).toBeGreaterThan(5)
    for (const { title, targets } of panels)
      for (const target of targets ?? [])
        expect(uids, `${uid}: ${title}`).toContain(target.datasource.uid)
  }
})

const WEEK = { from: WEEK_START, to: WEEK_END }
const ALL: PanelContext = { ...WEEK, intervalMs: DAY_MS, variables: { interval: ['1 DAY'] } }

let facts: Facts
const estate = buildEstate()
beforeAll(async () => {
  facts = await openTestFacts()
  await loadEstate(facts, estate, { costPerMinute: COST_PER_MINUTE })
})
afterAll(() => facts.close())

type Row = Record<string, unknown>
const run = (sql: string, context: PanelContext): Promise<Row[]> =>
  facts.query(expandSql(sql, context))

const close = (found: unknown, right: number | null | undefined, what: string) => {
  if (right === null || found === null) return expect([what, found]).toEqual([what, right])
  expect(Math.abs(Number(found) - right!), what).toBeLessThanOrEqual(Math.abs(right!) * 1e-6)
}

/** What each row of a panel must say, by view. */
const expectRow = (spec: PanelSpec, row: Row) => {
  const { kpi, by, values = [Object.keys(spec.kpi!.values)[0]!] } = spec
  const oracle = ORACLES[kpi!.id]!
  const from = row.time === undefined ? WEEK.from : Date.parse(`${row.time}Z`)
  const range = row.time === undefined ? WEEK : { from, to: from + DAY_MS }
  const items = oracle.items(estate, range)
  const own =
    by === undefined || by === 'age'
      ? items
      : items.filter((item) => String(item[by] ?? '') === row[labelOf(by)])
  const right = oracle.values(own, WEEK)
  if (by === 'age') return
  for (const name of values)
    close(row[labelOf(name)], right[name], `${kpi!.id} ${name} ${JSON.stringify(row)}`)
}

describe.each(DASHBOARDS.filter(({ facts }) => facts))('$title', (dashboard) => {
  const panels = panelsOf(dashboardJson(dashboard.uid))
  const specs = dashboard.rows.flatMap(([, own]) => own)

  test('has its panels in the committed file, each under its own title', () => {
    expect(panels.map(({ title }) => title)).toEqual(specs.map(({ build }) => build.build().title))
    expect(new Set(panels.map(({ title, type }) => `${type} ${title}`)).size).toBe(panels.length)
  })

  test.each(panels.map((panel, i) => [panel.title, panel.type, panel, specs[i]!] as const))(
    '%s (%s) is not empty and says what the estate says',
    async (_, __, panel, spec) => {
      const rows = await run(panel.targets![0]!.rawSql!, ALL)
      expect(rows.length).toBeGreaterThan(0)
      if (spec.view === 'rows') {
        expect(Object.keys(rows[0]!)).toEqual(spec.kpi!.rows)
        const { length } = ORACLES[spec.kpi!.id]!.items(estate, WEEK)
        expect(rows).toHaveLength(Math.min(length, 200))
        return
      }
      expect(
        rows.some((row) => Object.values(row).some((value) => typeof value === 'number')),
      ).toBe(true)
      for (const row of rows) expectRow(spec, row)
    },
  )

  test('narrows down to the scope that is chosen', async () => {
    const context = { ...ALL, variables: { ...ALL.variables, scope: ['emea'] } }
    for (const [i, panel] of panels.entries()) {
      const spec = specs[i]!
      if (spec.view !== 'stat' || spec.kpi!.by.scope === undefined) continue
      const [row] = await run(panel.targets![0]!.rawSql!, context)
      const items = ORACLES[spec.kpi!.id]!.items(estate, WEEK)
      const own = items.filter(({ scope }) => scope === 'emea')
      const headline = Object.keys(spec.kpi!.values)[0]!
      close(
        row![labelOf(headline)],
        ORACLES[spec.kpi!.id]!.values(own, WEEK)[headline],
        panel.title,
      )
    }
  })

  test('every choice of variables is valid SQL, hour and week included', async () => {
    for (const interval of ['1 HOUR', '1 WEEK'])
      for (const panel of panels) {
        const variables = {
          interval: [interval],
          scope: ['emea'],
          service: ['shop', "o'hara"],
          priority: ['P1'],
        }
        await run(panel.targets![0]!.rawSql!, { ...ALL, variables })
      }
  })

  test('its variables and annotations are not empty', async () => {
    const { templating, annotations } = dashboardJson(dashboard.uid)
    const queries = templating.list.filter(({ type }) => type === 'query')
    expect(queries.map(({ name }) => name)).toEqual(['scope', 'service', 'priority'])
    for (const { query } of queries) expect((await run(query, ALL)).length).toBeGreaterThan(1)
    expect(annotations.list).toHaveLength(2)
    for (const { target } of annotations.list) {
      const rows = await run(target.rawSql!, ALL)
      expect(rows.length).toBeGreaterThan(1)
      expect(Object.keys(rows[0]!)).toEqual(['time', 'timeEnd', 'text', 'tags'])
    }
  })
})

describe('Pipeline health and the alert rules', () => {
  const expressions = [
    ...panelsOf(dashboardJson('faultline-pipeline')).flatMap(({ targets }) =>
      (targets ?? []).map(({ expr }) => expr!),
    ),
    ...ALERT_RULES.map(({ expression }) => expression),
  ]

  test('name only metrics that the pipeline exposes', async () => {
    const metrics = await createMetrics().registry.getMetricsAsJSON()
    const known = metrics.flatMap(({ name, type }) =>
      String(type) === 'histogram' ? [name, `${name}_bucket`] : [name],
    )
    expect(expressions.length).toBeGreaterThan(20)
    for (const expression of expressions)
      for (const [name] of expression.matchAll(/\b(faultline|nodejs|process)_\w+/g))
        expect(known, expression).toContain(name)
  })

  test('are provisioned, each with what to do first', () => {
    const { groups } = parse(committed().get('provisioning/alerting/faultline.yaml')!) as {
      groups: { rules: { uid: string; annotations: { runbook: string } }[] }[]
    }
    const rules = groups.flatMap(({ rules: own }) => own)
    expect(rules.map(({ uid }) => uid)).toEqual(ALERT_RULES.map(({ uid }) => uid))
    for (const { annotations } of rules) expect(annotations.runbook.length).toBeGreaterThan(20)
  })
})
