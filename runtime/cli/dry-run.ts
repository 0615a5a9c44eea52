// `faultline dry-run`: what the edge would make of a recorded body; nothing is sent anywhere.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { parse } from 'yaml'
import type { FieldMapping } from '../../domain/integration.ts'
import type { DryRun } from '../../domain/ports/integrations.ts'
import { createDryRun } from '../../ingest/ingest-desk.ts'
import { SOURCES } from '../../ingest/sources/registry.ts'
import { createSystemClock } from '../clock.ts'
import { ingestSettings } from '../config/ingest.ts'
import { loadConfig } from '../config/load.ts'
import { EXIT, printJson, printLine, table, UsageError } from './output.ts'

interface DryRunFlags {
  readonly source: string
  readonly mapping?: string
  readonly config?: string
  readonly json?: boolean
}

const read = (file: string): string => {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`)
  }
}

const readMapping = (file: string): FieldMapping => {
  try {
    return parse(read(file)) as FieldMapping
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`)
  }
}

const tell = ({ events, refused, ignored }: DryRun): void => {
  const rows = events.map((event) => {
    const { status, severity, name, labels } = event as Record<string, unknown>
    return [String(status), String(severity), String(name), JSON.stringify(labels)]
  })
  if (rows.length > 0) printLine(table(['status', 'severity', 'name', 'labels'], rows))
  for (const { index, reason, detail } of refused)
    printLine(`refused${index === undefined ? '' : ` item ${index}`}: ${reason}: ${detail}`)
  for (const { index, reason } of ignored) printLine(`ignored item ${index}: ${reason}`)
}

const run = (file: string, flags: DryRunFlags): void => {
  if (!SOURCES.has(flags.source))
    throw new UsageError(`--source ${flags.source}: is none of ${[...SOURCES.keys()].join(', ')}`)
  const settings = ingestSettings(loadConfig(flags.config))
  const mapping = flags.mapping === undefined ? undefined : readMapping(flags.mapping)
  const result = createDryRun(
    settings,
    createSystemClock(),
  )({ source: flags.source, body: read(file), ...(mapping === undefined ? {} : { mapping }) })
  if (flags.json) printJson(result)
  else tell(result)
  if (result.refused.length > 0) process.exitCode = EXIT.failed
}

export const registerDryRun = (program: Command): void => {
  program
    .command('dry-run')
    .description('show what would come of a body that a tool sends; nothing is sent')
    .argument('<file>', 'the body, - for standard input')
    .option('--source <name>', 'as in /webhooks/<name>', 'generic')
    .option('--mapping <file>', 'YAML or JSON: where the fields are, as JMESPath')
    .option('--config <file>', 'YAML configuration')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Exit code 1 means that something was refused.

Examples:
  faultline dry-run body.json --mapping mapping.yaml
  faultline dry-run body.json --source zabbix --json`,
    )
    .action(run)
}
