// `faultline report --week`: the five numbers for leadership, to read, mail or publish.
import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { callText, type ServerFlags, withServerOptions } from './client.ts'
import { printLine, UsageError } from './output.ts'

interface ReportFlags extends ServerFlags {
  readonly week?: boolean
  readonly html?: boolean
  readonly soFar?: boolean
  readonly out?: string
}

const run = async (flags: ReportFlags): Promise<void> => {
  if (flags.week !== true) throw new UsageError('say which report: --week')
  const format = flags.json ? 'json' : flags.html ? 'html' : 'markdown'
  const week = flags.soFar ? 'this' : 'last'
  const text = await callText(flags, `/api/v1/reports/week?format=${format}&week=${week}`)
  if (flags.out === undefined) {
    printLine(text.trimEnd())
    return
  }
  await writeFile(flags.out, text)
  printLine(`wrote ${flags.out}`)
}

export const registerReport = (program: Command): void => {
  withServerOptions(
    program.command('report').description('what got better or worse, for leadership'),
  )
    .option('--week', 'the last whole week, against the week before')
    .option('--so-far', 'this week until now instead, against the same stretch of the last')
    .option('--html', 'a page instead of Markdown')
    .option('--out <file>', 'write it there')
    .addHelpText(
      'after',
      '\nExamples:\n  faultline report --week\n  faultline report --week --html --out week.html',
    )
    .action(run)
}
