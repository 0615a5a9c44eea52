// `faultline backup`: a consistent copy of a data directory, also while it is served.
import { type Command, Option } from 'commander'
import { createSystemClock } from '../clock.ts'
import { printJson, printLine, progress, progressDone, table } from './output.ts'

interface BackupFlags {
  readonly data: string
  readonly out: string
  readonly json?: boolean
}

const run = async (flags: BackupFlags): Promise<void> => {
  const { createBackup } = await import('../backup/create.ts')
  const clock = createSystemClock()
  const began = clock.now()
  const manifest = await createBackup({
    data: flags.data,
    out: flags.out,
    clock,
    progress,
  }).finally(progressDone)
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
    .requiredOption('--out <dir>', 'directory to make; absent or empty')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  faultline backup --out /backups/today
  faultline backup --data /var/lib/faultline --out "/backups/$(date +%F)" --json`,
    )
    .action(run)
}
