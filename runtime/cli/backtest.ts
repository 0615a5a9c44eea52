// `faultline backtest`: runs the production pipeline over recorded traffic and scores the result.
import type { Command } from 'commander'
import type { BacktestSummary } from '../backtest/backtest.ts'
import type { CompareOptions } from '../backtest/compare.ts'
import { printJson, printLine, progress, progressDone, table, UsageError } from './output.ts'

interface BacktestFlags {
  readonly deliveries: string
  readonly topology?: string
  readonly changes?: string
  readonly config?: string
  readonly labels?: string
  readonly out: string
  readonly compare?: readonly string[]
  readonly json?: boolean
}

const decimals = (value: number | null, digits: number): string =>
  value === null ? '-' : value.toFixed(digits)

const print = async (summary: BacktestSummary, out: string): Promise<void> => {
  const { deliveries, events, occurrences, alerts, incidents, problems } = summary
  printLine(
    table(
      ['deliveries', 'events', 'occurrences', 'alerts', 'incidents', 'problems'],
      [[deliveries, events, occurrences, alerts, incidents, problems]],
    ),
  )
  printLine()
  printLine(`${decimals(summary.compression, 1)} events per incident`)
  printLine(
    `${decimals(summary.wallSeconds, 2)} s, ${Math.round(summary.eventsPerSecond)} events/s`,
  )
  const { badLines, refused } = summary
  if (badLines + refused > 0)
    printLine(`${badLines} lines and ${refused} alerts could not be taken: ${out}/rejects.jsonl`)
  if (summary.scores !== undefined) {
    const { describeScores } = await import('../backtest/describe.ts')
    printLine()
    for (const line of describeScores(summary.scores)) printLine(line)
  }
  printLine(`written to ${out}`)
}

const runComparison = async (flags: BacktestFlags, compare: readonly string[]): Promise<void> => {
  const { json, compare: _, config, ...traffic } = flags
  const [a, b] = compare
  if (a === undefined || b === undefined || compare.length > 2 || config !== undefined)
    throw new UsageError('--compare takes two configuration files, and no --config beside them')
  const [{ compareBacktests }, { describeComparison }] = await Promise.all([
    import('../backtest/compare.ts'),
    import('../backtest/describe.ts'),
  ])
  const options: CompareOptions = { ...traffic, configs: [a, b] }
  const comparison = await compareBacktests(options)
  if (json) printJson(comparison)
  else for (const line of describeComparison(comparison)) printLine(line)
}

const run = async (flags: BacktestFlags): Promise<void> => {
  const { json, compare, ...options } = flags
  if (compare !== undefined) return runComparison(flags, compare)
  const { runBacktest } = await import('../backtest/backtest.ts')
  const summary = await runBacktest({
    ...options,
    progress: (lines) => progress(`${lines} deliveries …`),
  })
  progressDone()
  if (json) printJson(summary)
  else await print(summary, flags.out)
}

export const registerBacktest = (program: Command): void => {
  program
    .command('backtest')
    .description('run the production pipeline over recorded traffic')
    .requiredOption('--deliveries <file>', 'deliveries.jsonl, gzipped or not')
    .option('--topology <file>', 'topology.json')
    .option('--changes <file>', 'changes.jsonl')
    .option('--config <file>', 'YAML configuration; its ingest and correlator settings count')
    .option('--labels <file>', 'truth.csv, gzipped or not: scores the incidents')
    .option('--compare <configs...>', 'two configurations over the same traffic: what differs')
    .requiredOption('--out <dir>', 'where the results are written')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      `
Examples:
  faultline serve --record recorded            records what your tools send
  faultline backtest --deliveries recorded/deliveries.jsonl --out result
  faultline backtest --deliveries d.jsonl --compare a.yaml b.yaml --out result
  faultline backtest --deliveries d.jsonl.gz --topology topology.json --labels truth.csv.gz --out r`,
    )
    .action(run)
}
