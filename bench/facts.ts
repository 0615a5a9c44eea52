// Rows a second into the embedded facts, and how long each KPI takes, as JSON lines: npx tsx bench/facts.ts
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { kpiFigures, kpiGroups, kpiRows } from '../dashboards/kpis/query.ts'
import { KPIS } from '../dashboards/kpis/registry.ts'
import type { Kpi } from '../dashboards/kpis/types.ts'
import { migrateFacts } from '../dashboards/schema.ts'
import { DEFAULT_FACT_SETTINGS } from '../dashboards/settings.ts'
import type { FactRow, Facts } from '../domain/ports/facts.ts'
import { openChdbFacts } from '../runtime/adapters/facts-chdb.ts'
import { LAST_WEEK, QUARTER, quarterOf, type Series } from './facts/rows.ts'
import { median, quantile, type Reading } from './report.ts'

const { values: flags } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    /** How often each KPI is asked. */
    asked: { type: 'string', default: '10' },
    /** One KPI only. */
    kpi: { type: 'string' },
    /** Where the tables are, or are to be: kept, so that they need not be loaded again. */
    keep: { type: 'string' },
  },
})
const ASKED = Number(flags.asked)
const ROWS_SHOWN = 100

const say = (load: string, figure: string, unit: string, value: number): void => {
  const reading: Reading = { part: 'facts', load, figure, unit, value }
  process.stdout.write(`${JSON.stringify(reading)}\n`)
}

/** Of this process: the engine's threads are in it. */
const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

interface Spent {
  seconds: number
  cpu: number
}

/** Offsets go on over all series: no two rows stand in one place of the log. */
const loadSeries = async (
  facts: Facts,
  { table, rows, row }: Series,
  firstOffset: number,
  spent: Spent,
): Promise<void> => {
  const { blockRowsMax } = DEFAULT_FACT_SETTINGS
  for (let from = 0; from < rows; from += blockRowsMax) {
    const block: FactRow[] = []
    for (let i = from; i < Math.min(rows, from + blockRowsMax); i++)
      block.push({ log_partition: 0, log_offset: firstOffset + i, log_index: 0, ...row(i) })
    const cpuBefore = cpuSeconds()
    const startedAt = performance.now()
    await facts.insert(table, block, `${table}/${firstOffset + from}`)
    spent.seconds += (performance.now() - startedAt) / 1_000
    spent.cpu += cpuSeconds() - cpuBefore
  }
}

const load = async (facts: Facts): Promise<void> => {
  const all: Spent = { seconds: 0, cpu: 0 }
  let offset = 0
  for (const series of quarterOf(Number(flags.events))) {
    const spent = series.table === 'events' ? all : { seconds: 0, cpu: 0 }
    await loadSeries(facts, series, offset, spent)
    offset += series.rows
    if (series.table !== 'events') continue
    say('events, blocks of 10,000', 'inserted', 'rows/s', series.rows / spent.seconds)
    say('events, blocks of 10,000', 'CPU', 's/100k', (spent.cpu / series.rows) * 1e5)
  }
}

/** What merges in the background would be counted as a query's CPU. */
const settled = async (facts: Facts): Promise<void> => {
  for (;;) {
    const [running] = await facts.query<{ merges: number }>(
      'SELECT count() AS merges FROM system.merges',
    )
    if (running?.merges === 0) return
    await pause(200)
  }
}

/** The ways in which a person meets a KPI. */
const waysOf = (facts: Facts, kpi: Kpi): Record<string, () => Promise<unknown>> => ({
  'a week': () => kpiFigures(facts, kpi, LAST_WEEK),
  'a quarter': () => kpiFigures(facts, kpi, QUARTER),
  ...(kpi.within === undefined
    ? { 'a quarter by week': () => kpiGroups(facts, kpi, QUARTER, 'week') }
    : {}),
  'rows of a week': () => kpiRows(facts, kpi, LAST_WEEK, ROWS_SHOWN),
})

const ask = async (facts: Facts, kpi: Kpi): Promise<void> => {
  for (const [way, query] of Object.entries(waysOf(facts, kpi))) {
    const times: number[] = []
    const cpuBefore = cpuSeconds()
    for (let i = 0; i < ASKED; i++) {
      const startedAt = performance.now()
      await query()
      times.push(performance.now() - startedAt)
    }
    const load = `${kpi.id}, ${way}`
    say(load, 'p50', 'ms', median(times))
    say(load, 'p95', 'ms', quantile(times, 0.95))
    say(load, 'CPU', 'ms', ((cpuSeconds() - cpuBefore) / ASKED) * 1_000)
  }
}

const run = async (): Promise<void> => {
  const directory = flags.keep ?? mkdtempSync(join(tmpdir(), 'faultline-bench-facts-'))
  const facts = await openChdbFacts({ directory })
  try {
    const settings = {
      ...DEFAULT_FACT_SETTINGS,
      retentionDays: { events: 0, alerts: 0, tickets: 0 },
    }
    await migrateFacts(facts, settings)
    const [found] = await facts.query<{ rows: number }>('SELECT count() AS rows FROM events')
    if (found?.rows === 0) await load(facts)
    await settled(facts)
    for (const kpi of KPIS)
      if (flags.kpi === undefined || kpi.id === flags.kpi) await ask(facts, kpi)
  } finally {
    await facts.close()
    if (flags.keep === undefined) rmSync(directory, { recursive: true, force: true })
  }
}

await run()
