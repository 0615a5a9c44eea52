// `faultline backup`: a consistent copy of a data directory, also while it is served.
import { type Command, Option } from 'commander'
import { createSystemClock } from '../clock.ts'
import { loadConfig } from '../config/load.ts'
import { printJson, printLine, progress, progressDone, table } from './output.ts'

interface BackupFlags {
  readonly data: string
  readonly out: string
  readonly config?: string
  readonly json?: boolean
}

const run = async (flags: BackupFlags): Promise<void> => {
  const { createBackup } = await import('../backup/create.ts')
  const { openNamed } = await import('../backup/places.ts')
  const clock = createSystemClock()
  const began = clock.now()
  const { target, name } = await openNamed(flags.out, loadConfig(flags.config).backup.s3)
  const options = { data: flags.data, to: target, name, clock, progress }
  const manifest = await createBackup(options).finally(() => {
    progressDone()
    return target.close()
  })
  const tookMs = clock.now() - began
  const { bytes, files, positions, checkpoints, takenAt } = manifest
  if (flags.json)
    return printJson({ out: flags.out, takenAt, bytes, positions, checkpoints, tookMs })
  printLine(`backed up ${files.length} files, ${bytes} bytes, in ${tookMs} ms: ${flags.out}`)
  printLine(
    table(
      ['topic', 'partition', 'from', 'to'],
      positions.map(({ topic, partition, start, end }) => [topic, partition, start, end]),
    ),
  )
  if (checkpoints.length === 0)
    printLine('no checkpoint: after a restore the correlator reads all events')
  for (const { name, position } of checkpoints) printLine(`checkpoint ${name} at ${position}`)
}

export const registerBackup = (program: Command): void => {
  program
    .command('backup')
    .description('copy a data directory consistently, also while it is served')
    .addOption(
      new Option('--data <dir>', 'data directory of an embedded Faultline')
        .env('FAULTLINE_DATA')
        .default('.data'),
    )
    .requiredOption('--out <place>', 'directory to make, or s3://bucket/prefix/name')
    .option('--config <file>', 'YAML configuration, for its backup.s3')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  faultline backup --out /backups/today
  faultline backup --data /var/lib/faultline --out "/backups/$(date +%F)" --json
  faultline backup --out "s3://backups/faultline/$(date +%F)"   # credentials: AWS_ACCESS_KEY_ID …`,
    )
    .action(run)
}
