// `faultline import servicenow-log`: the history of another desk into the facts, with its KPIs.
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type Command, Option } from 'commander'
import type { KpiFigures } from '../../dashboards/kpis/query.ts'
import type { Kpi } from '../../dashboards/kpis/types.ts'
import type { FactSettings } from '../../dashboards/settings.ts'
import type { Facts } from '../../domain/ports/facts.ts'
import type { TimeRange } from '../../domain/range.ts'
import { isoTime } from '../../domain/time.ts'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { openFacts } from '../parts.ts'
import { printJson, printLine, progress, progressDone, table } from './output.ts'

interface ImportFlags {
  readonly file: string
  readonly data?: string
  readonly clickhouse?: string
  readonly config?: string
  readonly json?: boolean
}

/** What a desk's history says something about. */
const KPI_IDS = [
  'mtta',
  'mttr',
  'sla',
  'reassignment-rate',
  'reopen-rate',
  'never-acknowledged',
  'open-incidents',
] as const

const GZIP = [0x1f, 0x8b]

const readText = async (file: string): Promise<string> => {
  const bytes = await readFile(file)
  const zipped = GZIP.every((byte, at) => bytes[at] === byte)
  return (zipped ? await promisify(gunzip)(bytes) : bytes).toString('utf8')
}

interface ImportedKpi extends KpiFigures {
  readonly id: string
  readonly by: Readonly<Record<string, KpiFigures>>
}

const kpisOver = async (facts: Facts, range: TimeRange): Promise<ImportedKpi[]> => {
  const { kpiFigures, kpiGroups } = await import('../../dashboards/kpis/query.ts')
  const { kpiById } = await import('../../dashboards/kpis/registry.ts')
  const found: ImportedKpi[] = []
  for (const id of KPI_IDS) {
    const kpi = kpiById(id) as Kpi
    const groups = await kpiGroups(facts, kpi, range, 'priority')
    const by = groups
      .map(({ key, ...figures }) => [key, figures] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    found.push({ id, ...(await kpiFigures(facts, kpi, range)), by: Object.fromEntries(by) })
  }
  return found
}

const printKpis = (kpis: readonly ImportedKpi[]): void => {
  const priorities = [...new Set(kpis.flatMap(({ by }) => Object.keys(by)))].sort()
  const rows = kpis.flatMap(({ id, by, ...all }) => {
    const cell = (figures: KpiFigures | undefined, name: string): string | number =>
      figures?.values[name] ?? '-'
    const columns = (pick: (figures: KpiFigures | undefined) => string | number) =>
      [all, ...priorities.map((each) => by[each])].map(pick)
    return [
      [id, 'population', ...columns((figures) => figures?.count ?? '-')],
      ...Object.keys(all.values).map((name) => [
        '',
        name,
        ...columns((figures) => cell(figures, name)),
      ]),
    ]
  })
  printLine(table(['KPI', 'value', 'all', ...priorities], rows))
}

const load = async (facts: Facts, settings: FactSettings, text: string) => {
  const { readCsv } = await import('../../dashboards/import/csv.ts')
  const { importServiceNowLog } = await import('../../dashboards/import/servicenow.ts')
  const { importedRange, loadImported, readImported } = await import(
    '../../dashboards/import/load.ts'
  )
  const known = await readImported(facts, settings)
  const { transitions, unreadable } = importServiceNowLog(readCsv(text), known)
  if (transitions.length === 0) throw new Error('no row has a number and a time')
  progress(`loading ${transitions.length} transitions`)
  const loaded = await loadImported(facts, settings, transitions, known)
  const { from, to } = await importedRange(facts)
  const incidents = new Set(transitions.map(({ ticketId }) => ticketId)).size
  const kpis = await kpisOver(facts, { from, to })
  return {
    incidents,
    transitions: transitions.length,
    loaded,
    unreadable,
    from: isoTime(from),
    to: isoTime(to),
    kpis,
  }
}

/** An embedded engine has one user at a time, and says so in words of its own. */
const openUnused = async (config: Config): Promise<Facts> => {
  try {
    return await openFacts(config)
  } catch (error) {
    if (config.clickhouse !== undefined) throw error
    throw new Error(
      `the facts in ${config.data} cannot be opened (${(error as Error).message}); stop the Faultline that serves them, or import into a ClickHouse server`,
    )
  }
}

const run = async (flags: ImportFlags): Promise<void> => {
  const config = loadConfig(flags.config, {
    ...(flags.data === undefined ? {} : { data: flags.data }),
    ...(flags.clickhouse === undefined ? {} : { clickhouse: { url: flags.clickhouse } }),
  })
  const text = await readText(flags.file)
  const facts = await openUnused(config)
  try {
    const result = await load(facts, config.facts, text).finally(progressDone)
    if (flags.json) return printJson(result)
    const { incidents, transitions, loaded, unreadable, from, to, kpis } = result
    printLine(`${incidents} incidents in ${transitions} transitions, ${loaded} of them new`)
    if (unreadable > 0) printLine(`${unreadable} rows without number or time were left out`)
    printLine(`KPIs from ${from} to ${to}`)
    printLine()
    printKpis(kpis)
  } finally {
    await facts.close()
  }
}

export const registerImport = (program: Command): void => {
  program
    .command('import')
    .description('bring the history of another desk into the facts')
    .command('servicenow-log')
    .description('a ServiceNow incident audit log: CSV, a row an update, gzipped or not')
    .requiredOption('--file <csv>', 'the log; rows in any order, also more than once')
    .addOption(
      new Option(
        '--data <dir>',
        'data directory of an embedded Faultline that is not running',
      ).conflicts('clickhouse'),
    )
    .option('--clickhouse <url>', 'a ClickHouse server, which may be in use')
    .option('--config <file>', 'YAML configuration; its facts settings count')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  faultline import servicenow-log --file incident_event_log.csv.gz --data .data
  faultline import servicenow-log --file late-rows.csv --clickhouse http://clickhouse:8123`,
    )
    .action(run)
}
