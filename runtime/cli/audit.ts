// `faultline audit`: follows the chain of the audit log, here or in an export, and exports it.
import { type Command, Option } from 'commander'
import type { AuditVerdict, ChainEnd } from '../../ticketing/audit-queries.ts'
import { callApi, callText, type ServerFlags, withServerOptions } from './client.ts'
import { EXIT, printJson, printLine, UsageError } from './output.ts'

interface VerifyFlags extends ServerFlags {
  readonly file?: string
  readonly noted?: string
}

const notedEnd = (text: string | undefined): ChainEnd | undefined => {
  if (text === undefined) return undefined
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? []
  if (sequence === undefined || hash === undefined)
    throw new UsageError('--noted: as an earlier verify printed it, NUMBER:HASH')
  return { sequence: Number(sequence), hash }
}

const verifyFile = async (file: string, noted?: ChainEnd): Promise<AuditVerdict> => {
  const { linesOf, verifyExport } = await import('./audit-export.ts')
  return verifyExport(linesOf(file), noted)
}

const verify = async (flags: VerifyFlags): Promise<void> => {
  const noted = notedEnd(flags.noted)
  const query = noted === undefined ? '' : `?sequence=${noted.sequence}&hash=${noted.hash}`
  const verdict =
    flags.file === undefined
      ? await callApi<AuditVerdict>(flags, `/api/v1/audit/verify${query}`)
      : await verifyFile(flags.file, noted)
  const { entries, end, broken } = verdict
  if (broken !== undefined) process.exitCode = EXIT.failed
  if (flags.json) return printJson({ entries, intact: broken === undefined, end, broken })
  if (broken !== undefined)
    return printLine(
      `BROKEN at entry ${broken.sequence}: ${broken.detail}; ${entries} before it hold`,
    )
  printLine(`the chain of ${entries} entries is whole`)
  printLine(`to be noted elsewhere: ${end.sequence}:${end.hash}`)
}

const exportAll = async (flags: ServerFlags & { readonly format: string }): Promise<void> => {
  process.stdout.write(await callText(flags, `/api/v1/audit/export?format=${flags.format}`))
}

export const registerAudit = (program: Command): void => {
  const audit = program.command('audit').description('who did what, and whether that still stands')
  withServerOptions(audit.command('verify').description('whether anybody changed the audit log'))
    .option('--file <file>', 'an export (ndjson) instead of a running Faultline')
    .option('--noted <number:hash>', 'what an earlier verify said; shows a log written anew')
    .addHelpText(
      'after',
      `
Examples:
  faultline audit verify
  faultline audit verify --noted 120:9f2c…
  faultline audit export > audit.ndjson && faultline audit verify --file audit.ndjson`,
    )
    .action(verify)
  withServerOptions(audit.command('export').description('all of it, oldest first'))
    .addOption(new Option('--format <format>').choices(['ndjson', 'csv']).default('ndjson'))
    .addHelpText('after', '\nExamples:\n  faultline audit export --format csv > audit.csv')
    .action(exportAll)
}
