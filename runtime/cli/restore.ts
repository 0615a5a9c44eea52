// `faultline restore` and `faultline drill`: a backup put back, and the rehearsal of it.
import type { Command } from 'commander'
import type { NamedBackup } from '../backup/places.ts'
import { createSystemClock } from '../clock.ts'
import { loadConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { createLogger } from '../observe/logger.ts'
import { EXIT, printJson, printLine, progress, progressDone, table, UsageError } from './output.ts'

interface DrillFlags {
  readonly from: string
  readonly until?: string
  readonly config?: string
  readonly json?: boolean
}

interface RestoreFlags extends DrillFlags {
  readonly data: string
}

/** With a zone, so that it is one moment wherever it is read. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/

const readTime = (text: string | undefined): { readonly until?: number } => {
  if (text === undefined) return {}
  const until = TIME.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(until))
    throw new UsageError(`--until ${text}: write a time with its zone, as 2026-11-20T03:15:00Z`)
  return { until }
}

/** Looks for the backup, and lets go of its target afterwards. */
const withBackup = async <T>(
  { from, until }: DrillFlags,
  config: Config,
  work: (options: { from: NamedBackup; until?: number }) => Promise<T>,
): Promise<T> => {
  const { findBackup } = await import('../backup/places.ts')
  const time = readTime(until)
  const found = await findBackup(from, { ...time, s3: config.backup.s3 })
  try {
    return await work({ from: found, ...time })
  } finally {
    progressDone()
    await found.target.close()
  }
}

const runRestore = async (flags: RestoreFlags): Promise<void> => {
  const { data, json } = flags
  const { restoreBackup } = await import('../backup/restore.ts')
  const clock = createSystemClock()
  const began = clock.now()
  const config = loadConfig(flags.config)
  const { manifest, desk } = await withBackup(flags, config, (found) =>
    restoreBackup({ ...found, data, clock, settings: config.desk, progress }),
  )
  const tookMs = clock.now() - began
  const { takenAt, positions, checkpoints } = manifest
  if (json) return printJson({ data, takenAt, positions, checkpoints, desk, tookMs })
  printLine(`restored ${data} as of ${new Date(takenAt).toISOString()} in ${tookMs} ms`)
  printLine(
    table(
      ['topic', 'partition', 'from', 'to'],
      positions.map(({ topic, partition, start, end }) => [topic, partition, start, end]),
    ),
  )
  printLine(`the desk was rebuilt from ${desk.records} records`)
  if (desk.unpublished > 0)
    printLine(`${desk.unpublished} of its decisions go to the log at the next start`)
}

const runDrill = async (flags: DrillFlags): Promise<void> => {
  const { drillBackup } = await import('../backup/drill.ts')
  const config = loadConfig(flags.config)
  const options = { config, clock: createSystemClock(), logger: createLogger('error') }
  const result = await withBackup(flags, config, (found) =>
    drillBackup({ ...options, ...found, progress }),
  )
  const { incidents, differences, restoreMs, startMs } = result
  if (differences.length > 0) process.exitCode = EXIT.failed
  if (flags.json) return printJson(result)
  if (differences.length === 0)
    return printLine(`OK: ${incidents} incidents, restored in ${restoreMs + startMs} ms`)
  for (const difference of differences) printLine(difference)
}

const FROM = 'a backup, or a directory or s3://bucket/prefix that holds several: then the newest'
const UNTIL = 'leave out what came later; of several backups, take the first that reaches it'

export const registerRestore = (program: Command): void => {
  program
    .command('restore')
    .description('make a data directory from a backup')
    .requiredOption('--from <place>', FROM)
    .requiredOption('--data <dir>', 'data directory to make; absent or empty')
    .option('--until <time>', UNTIL)
    .option('--config <file>', 'YAML configuration, for its desk settings and backup.s3')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  faultline restore --from /backups/2026-11-20 --data /var/lib/faultline
  faultline restore --from s3://backups/faultline --until 2026-11-20T14:05:00+01:00 --data DIR`,
    )
    .action(runRestore)
  program
    .command('drill')
    .description('prove a backup: restore it aside, start on it, compare the incidents')
    .requiredOption('--from <place>', FROM)
    .option('--until <time>', UNTIL)
    .option(
      '--config <file>',
      'YAML configuration, for its correlator and desk settings, and backup.s3',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  faultline drill --from /backups\n  faultline drill --from s3://backups/faultline --json',
    )
    .action(runDrill)
}
