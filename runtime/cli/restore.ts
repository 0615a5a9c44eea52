// `faultline restore` and `faultline drill`: a backup put back, and the rehearsal of it.
import type { Command } from 'commander'
import { createSystemClock } from '../clock.ts'
import { loadConfig } from '../config/load.ts'
import { createLogger } from '../observe/logger.ts'
import { EXIT, printJson, printLine, progress, progressDone, table } from './output.ts'

interface RestoreFlags {
  readonly from: string
  readonly data: string
  readonly config?: string
  readonly json?: boolean
}

interface DrillFlags {
  readonly from: string
  readonly config?: string
  readonly json?: boolean
}

const runRestore = async ({ from, data, config, json }: RestoreFlags): Promise<void> => {
  const { restoreBackup } = await import('../backup/restore.ts')
  const clock = createSystemClock()
  const began = clock.now()
  const settings = loadConfig(config).desk
  const { manifest, desk } = await restoreBackup({ from, data, clock, settings, progress }).finally(
    progressDone,
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

const runDrill = async ({ from, config: file, json }: DrillFlags): Promise<void> => {
  const { drillBackup } = await import('../backup/drill.ts')
  const config = loadConfig(file)
  const options = { from, config, clock: createSystemClock(), logger: createLogger('error') }
  const result = await drillBackup({ ...options, progress }).finally(progressDone)
  const { incidents, differences, restoreMs, startMs } = result
  if (differences.length > 0) process.exitCode = EXIT.failed
  if (json) return printJson(result)
  if (differences.length === 0)
    return printLine(`OK: ${incidents} incidents, restored in ${restoreMs + startMs} ms`)
  for (const difference of differences) printLine(difference)
}

export const registerRestore = (program: Command): void => {
  program
    .command('restore')
    .description('make a data directory from a backup')
    .requiredOption('--from <dir>', 'what `faultline backup` made')
    .requiredOption('--data <dir>', 'data directory to make; absent or empty')
    .option('--config <file>', 'YAML configuration, for its desk settings')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  faultline restore --from /backups/2026-11-20 --data /var/lib/faultline',
    )
    .action(runRestore)
  program
    .command('drill')
    .description('prove a backup: restore it aside, start on it, compare the incidents')
    .requiredOption('--from <dir>', 'what `faultline backup` made')
    .option('--config <file>', 'YAML configuration, for its correlator and desk settings')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  faultline drill --from /backups/2026-11-20')
    .action(runDrill)
}
