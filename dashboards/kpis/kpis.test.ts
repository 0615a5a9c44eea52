// Every KPI's SQL, run on the real engine over a known estate, against a plain computation.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Facts } from '../../domain/ports/facts.ts'
import { DAY_MS } from '../../domain/time.ts'
import { openTestFacts } from '../../runtime/adapters/facts-chdb.fixture.ts'
import { buildEstate, WEEK_END, WEEK_START } from '../testing/estate.fixture.ts'
import { loadEstate } from '../testing/load.fixture.ts'
import { COST_PER_MINUTE, ORACLES } from '../testing/oracle.fixture.ts'
import { kpiFigures, kpiGroups, kpiRows } from './query.ts'
import { KPIS } from './registry.ts'

const estate = buildEstate()
const WEEK = { from: WEEK_START, to: WEEK_END }
const RANGES = [
  WEEK,
  { from: WEEK_START + DAY_MS, to: WEEK_START + 3 * DAY_MS },
  { from: WEEK_START + 100 * DAY_MS, to: WEEK_START + 101 * DAY_MS },
]

/** Counts exactly, means within one part in a million. */
const expectClose = (
  found: Record<string, number | null>,
  right: Record<string, number | null>,
) => {
  for (const [name, value] of Object.entries(right)) {
    if (value === null || found[name] === null) expect([name, found[name]]).toEqual([name, value])
    else expect(Math.abs(found[name]! - value), name).toBeLessThanOrEqual(Math.abs(value) * 1e-6)
  }
}

let facts: Facts
beforeAll(async () => {
  facts = await openTestFacts()
  await loadEstate(facts, estate, { costPerMinute: COST_PER_MINUTE })
})
afterAll(() => facts.close())

test('every KPI has an oracle, and every id is its own', () => {
  expect(KPIS.map(({ id }) => id).sort()).toEqual(Object.keys(ORACLES).sort())
})

describe.each(KPIS)('$id', (kpi) => {
  const oracle = ORACLES[kpi.id]!

  test.each(RANGES)('is what the estate says from $from to $to', async (range) => {
    const items = oracle.items(estate, range)
    const figures = await kpiFigures(facts, kpi, range)
    expect(figures.count).toBe(oracle.count?.(items) ?? items.length)
    if (range === WEEK) expect(figures.count, 'the estate must exercise it').toBeGreaterThan(1)
    expectClose(figures.values, oracle.values(items, range))
  })

  test('grouped by each dimension it is what the estate says', async () => {
    const items = oracle.items(estate, WEEK)
    for (const by of Object.keys(kpi.by).filter((name) => name !== 'age')) {
      const groups = await kpiGroups(facts, kpi, WEEK, by)
      const keys = new Set(items.map((item) => String(item[by] ?? '')))
      expect(new Set(groups.map(({ key }) => key)), by).toEqual(keys)
      for (const group of groups) {
        const own = items.filter((item) => String(item[by] ?? '') === group.key)
        expect(group.count).toBe(oracle.count?.(own) ?? own.length)
        expectClose(group.values, oracle.values(own, WEEK))
      }
    }
  })

  test('by day its groups add up to the whole', async () => {
    if (kpi.within !== undefined) return
    const whole = await kpiFigures(facts, kpi, WEEK)
    const days = await kpiGroups(facts, kpi, WEEK, 'day')
    expect(days.reduce((sum, { count }) => sum + count, 0)).toBe(whole.count)
    expect(days.every(({ key }) => /^2026-03-0\dT00:00:00\.000Z$/.test(key))).toBe(true)
  })

  test('drills down to rows: as many as its population counts, where that counts rows', async () => {
    const { count } = await kpiFigures(facts, kpi, WEEK)
    const rows = await kpiRows(facts, kpi, WEEK, 500)
    expect(Object.keys(rows[0]!)).toEqual(kpi.rows)
    if (kpi.beneath === undefined && kpi.count === undefined)
      expect(rows).toHaveLength(Math.min(count, 500))
  })
})

test('late records restate history: the same week asked again says what came meanwhile', async () => {
  const before = await kpiFigures(facts, KPIS[0]!, WEEK)
  const row = {
    log_partition: 3,
    log_offset: 0,
    log_index: 0,
    received_at: WEEK_START,
    name: 'Late',
  }
  await facts.insert('events', [row], 'late')
  expect((await kpiFigures(facts, KPIS[0]!, WEEK)).count).toBe(before.count + 1)
})
