// `faultline backtest`: runs the production pipeline over recorded traffic and scores the result.
import type { Command } from 'commander'
import type { BacktestSummary } from '../backtest/backtest.ts'
import { printJson, printLine, progress, progressDone, table } from './output.ts'

interface BacktestFlags {
  readonly deliveries: string
  readonly topology?: string
  readonly changes?: string
  readonly config?: string
  readonly labels?: string
  readonly out: string
  readonly json?: boolean
}

const decimals = (value: number | null, digits: number): string =>
  value === null ? '-' : value.toFixed(digits)

const print = (summary: BacktestSummary, out: string): void => {
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
    printLine()
    printJson(summary.scores)
  }
  printLine(`written to ${out}`)
}

const run = async (flags: BacktestFlags): Promise<void> => {
  const { json, ...options } = flags
  const { runBacktest } = await import('../backtest/backtest.ts')
  const summary = await runBacktest({
    ...options,
    progress: (lines) => progress(`${lines} deliveries …`),
  })
  progressDone()
  if (json) printJson(summary)
  else print(summary, flags.out)
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
    .requiredOption('--out <dir>', 'where the results are written')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      `
Examples:
  faultline serve --record recorded            records what your tools send
  faultline backtest --deliveries recorded/deliveries.jsonl --out result
  faultline backtest --deliveries d.jsonl.gz --topology topology.json --labels truth.csv.gz --out r`,
    )
    .action(run)
}
