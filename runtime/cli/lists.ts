// `faultline incidents | problems | changes`: one table of lists, all read the same way.
import type { Command } from 'commander'
import { callApi, type ServerFlags, withServerOptions } from './client.ts'
import { addIncidentActions } from './incidents.ts'
import { printJson, printLine, table, UsageError } from './output.ts'
import { registerProblemReport } from './problem-report.ts'

type Item = Readonly<Record<string, unknown>>

interface List {
  readonly name: string
  readonly about: string
  /** Heading -> field; a field that is a number is aligned as one. */
  readonly columns: Readonly<Record<string, string>>
}

const LISTS: readonly List[] = [
  {
    name: 'incidents',
    about: 'list incidents, newest first',
    columns: {
      number: 'number',
      priority: 'priority',
      severity: 'severity',
      status: 'status',
      opened: 'openedAt',
      alerts: 'alertCount',
      title: 'title',
    },
  },
  {
    name: 'problems',
    about: 'list problems and candidates',
    columns: {
      number: 'number',
      status: 'status',
      incidents: 'incidentCount',
      'minutes lost': 'minutesLost',
      title: 'title',
    },
  },
  {
    name: 'changes',
    about: 'list changes, newest first',
    columns: { change: 'id', type: 'type', ci: 'ci', started: 'startedAt', summary: 'summary' },
  },
]

interface ListFlags extends ServerFlags {
  readonly limit: string
}

const fieldOf = (item: Item, path: string): string | number => {
  const value = path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], item)
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toFixed(1))
  return value === undefined || value === null ? '' : String(value)
}

const limitOf = (text: string): number => {
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1)
    throw new UsageError(`--limit ${text}: must be a whole number from 1`)
  return limit
}

const show = async (list: List, flags: ListFlags): Promise<void> => {
  const path = `/api/v1/${list.name}?limit=${limitOf(flags.limit)}`
  const page = await callApi<{ items: Item[]; nextCursor?: string }>(flags, path)
  if (flags.json) return printJson(page)
  if (page.items.length === 0) return printLine(`no ${list.name} yet`)
  const fields = Object.values(list.columns)
  printLine(
    table(
      Object.keys(list.columns),
      page.items.map((item) => fields.map((field) => fieldOf(item, field))),
    ),
  )
  if (page.nextCursor !== undefined) printLine(`… and more; --limit shows them`)
}

export const registerLists = (program: Command): void => {
  for (const list of LISTS) {
    const command = withServerOptions(program.command(list.name).description(list.about))
      .option('--limit <n>', 'at most so many', '50')
      .addHelpText(
        'after',
        `\nExamples:\n  faultline ${list.name}\n  faultline ${list.name} --json --limit 200`,
      )
      .action((flags: ListFlags) => show(list, flags))
    if (list.name === 'problems') registerProblemReport(command)
    if (list.name === 'incidents') addIncidentActions(command)
  }
}
