// `faultline problems report`: which recurring patterns cost most, are new, worse, gone, undecided.
import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { callText, type ServerFlags, withServerOptions } from './client.ts'
import { printLine, UsageError } from './output.ts'

interface ReportFlags extends ServerFlags {
  readonly from?: string
  readonly to?: string
  readonly csv?: boolean
  readonly out?: string
}

const run = async (_flags: unknown, command: Command): Promise<void> => {
  // `--json` and `--url` may also stand before `report`.
  const flags = command.optsWithGlobals<ReportFlags>()
  if (flags.csv && flags.json) throw new UsageError('--csv or --json, not both')
  const format = flags.json ? 'json' : flags.csv ? 'csv' : 'markdown'
  const query = new URLSearchParams({ format })
  if (flags.from !== undefined) query.set('from', flags.from)
  if (flags.to !== undefined) query.set('to', flags.to)
  const text = await callText(flags, `/api/v1/problems/report?${query}`)
  if (flags.out === undefined) return printLine(text.trimEnd())
  await writeFile(flags.out, text)
  printLine(`wrote ${flags.out}`)
}

/** @param problems the command that lists them */
export const registerProblemReport = (problems: Command): void => {
  withServerOptions(
    problems.command('report').description('for problem managers, as Markdown, CSV or JSON'),
  )
    .option('--from <time>', 'ISO date or time; default a week before --to')
    .option('--to <time>', 'ISO date or time; default now')
    .option('--csv', 'a table instead of Markdown')
    .option('--out <file>', 'write it there')
    .addHelpText(
      'after',
      `
Examples:
  faultline problems report
  faultline problems report --from 2026-11-01 --to 2026-12-01 --csv --out november.csv`,
    )
    .action(run)
}
