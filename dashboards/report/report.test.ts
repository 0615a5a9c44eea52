// The weekly report over the known estate: right figures, right reasons, safe text.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Facts } from '../../domain/ports/facts.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import { openTestFacts } from '../../runtime/adapters/facts-chdb.fixture.ts'
import { incidents } from '../kpis/incidents.ts'
import { kpiFigures, kpiGroups } from '../kpis/query.ts'
import { KPIS } from '../kpis/registry.ts'
import { buildEstate, WEEK_END, WEEK_START } from '../testing/estate.fixture.ts'
import { loadEstate } from '../testing/load.fixture.ts'
import { COST_PER_MINUTE, ORACLES } from '../testing/oracle.fixture.ts'
import { escapeHtml, formatFigure } from './format.ts'
import { reportHtml, reportMarkdown } from './render.ts'
import { lastWeek, moversOf, weeklyReport } from './weekly.ts'

const golden = (name: string): string =>
  readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8')

let facts: Facts
const estate = buildEstate()
beforeAll(async () => {
  facts = await openTestFacts()
  await loadEstate(facts, estate, { costPerMinute: COST_PER_MINUTE })
})
afterAll(() => facts.close())

const WEDNESDAY = WEEK_END + 2 * DAY_MS + 5 * HOUR_MS

test('the last week is the whole one before now, Monday to Monday', () => {
  const week = { from: WEEK_START, to: WEEK_END }
  expect(lastWeek(WEDNESDAY)).toEqual(week)
  expect(lastWeek(WEEK_END)).toEqual(week)
  expect(lastWeek(WEEK_END - 1).to).toBe(WEEK_START)
})

test('its five numbers are the KPIs of that week, beside the week before', async () => {
  const report = await weeklyReport(facts, WEDNESDAY)
  expect(report.numbers.map(({ kpi }) => kpi.id)).toEqual([
    'incidents',
    'mttr',
    'sla',
    'downtime-cost',
    'noise-reduction',
  ])
  const before = { from: WEEK_START - 7 * DAY_MS, to: WEEK_START }
  for (const { kpi, value, before: was } of report.numbers) {
    const oracle = ORACLES[kpi.id]!
    const name = Object.keys(kpi.values)[0]!
    const right = (range: typeof before) => oracle.values(oracle.items(estate, range), range)[name]!
    expect(value).toBeCloseTo(right(report), 6)
    expect(was).toBeCloseTo(right(before), 6)
  }
})

test.each(KPIS.filter(({ by }) => Object.keys(by).length > 0))(
  'the parts of a change in $id add up to the change',
  async (kpi) => {
    const week = { from: WEEK_START, to: WEEK_END }
    const early = { from: WEEK_START, to: WEEK_START + 3 * DAY_MS }
    // The share of the ten noisiest is no mean over groups: it cannot be taken apart.
    if (kpi.id === 'noisy-rules') return
    const by = Object.keys(kpi.by)[0]!
    const movers = moversOf(
      kpi,
      await kpiGroups(facts, kpi, week, by),
      await kpiGroups(facts, kpi, early, by),
    )
    const name = Object.keys(kpi.values)[0]!
    const of = async (range: typeof week) => (await kpiFigures(facts, kpi, range)).values[name] ?? 0
    const change = (await of(week)) - (await of(early))
    const sum = movers.reduce((total, { contribution }) => total + contribution, 0)
    expect(sum).toBeCloseTo(change, 5)
  },
)

test('a group that is new and one that is gone both count', () => {
  const group = (key: string, count: number) => ({ key, count, values: { count } })
  expect(moversOf(incidents, [group('a', 5)], [group('b', 3)])).toEqual([
    { key: 'a', contribution: 5 },
    { key: 'b', contribution: -3 },
  ])
})

describe('what people read', () => {
  test('is the golden Markdown', async () => {
    expect(reportMarkdown(await weeklyReport(facts, WEDNESDAY))).toBe(golden('weekly.golden.md'))
  })

  test('is the golden HTML, without script, link or outside part', async () => {
    const html = reportHtml(await weeklyReport(facts, WEDNESDAY))
    expect(html).toBe(golden('weekly.golden.html'))
    expect(html).not.toMatch(/<script|<link|<img|https?:\/\//)
  })

  test('shows hostile names as text', async () => {
    const report = await weeklyReport(facts, WEDNESDAY)
    const mover = { key: '<img src=x onerror=alert(1)> [a](javascript:b)', contribution: 1 }
    const hostile = { ...report, numbers: [{ ...report.numbers[0]!, mover }] }
    expect(reportHtml(hostile)).not.toContain('<img')
    expect(reportMarkdown(hostile)).not.toMatch(/(?<!\\)(\]\(|<img)/)
  })

  test('an empty history has no figures and no verdict, and does not fail', async () => {
    const text = reportMarkdown(await weeklyReport(facts, WEEK_END + 1_000 * DAY_MS))
    expect(text).toContain('**Time to resolve: none**, no comparison with the week before')
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
  })
})

test.each([
  [42, 'seconds', '42 s'],
  [125, 'seconds', '2 min'],
  [7_500, 'seconds', '2 h 5 min'],
  [273_600, 'seconds', '3 d 4 h'],
  [0.12345, 'ratio', '12.3 %'],
  [12_345.6, 'count', '12,346'],
  [null, 'ratio', 'none'],
] as const)('%j %s reads %j', (value, unit, text) => {
  expect(formatFigure(value, unit)).toBe(text)
})

test('escaping leaves nothing for a parser to take as markup', () => {
  expect(escapeHtml(`<a href="x" on='y'>&`)).toBe(
    '&lt;a href=&quot;x&quot; on=&#39;y&#39;&gt;&amp;',
  )
})
