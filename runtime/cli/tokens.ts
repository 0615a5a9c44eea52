// `faultline tokens`: API tokens of a running Faultline, or in the data directory of one.
import { type Command, Option } from 'commander'
import { DAY_MS, isoTime } from '../../domain/time.ts'
import type { TokenView } from '../../ticketing/people/bodies.ts'
import { PEOPLE_ROLES } from '../../ticketing/people/roles.ts'
import { createSystemClock } from '../clock.ts'
import { callApi, isOffline, type ServerFlags, withServerOptions } from './client.ts'
import type { OfflineFlags } from './offline.ts'
import { printJson, printLine, table, UsageError } from './output.ts'

interface TokenFlags extends ServerFlags, OfflineFlags {
  readonly role?: readonly string[]
  readonly team?: readonly string[]
  readonly ingest?: boolean
  readonly days: string
}

const DAYS_MAX = 366

const expiryOf = (days: string): number => {
  const count = Number(days)
  if (!Number.isInteger(count) || count < 1 || count > DAYS_MAX)
    throw new UsageError(`--days ${days}: must be a whole number from 1 to ${DAYS_MAX}`)
  return createSystemClock().now() + count * DAY_MS - 1_000
}

const add = async (name: string, flags: TokenFlags): Promise<void> => {
  const expiresAt = expiryOf(flags.days)
  const wanted = {
    name,
    roles: flags.role ?? [],
    ingest: flags.ingest ?? false,
    ...(flags.team === undefined ? {} : { teams: flags.team }),
  }
  let token: string
  if (isOffline(flags)) {
    const [{ offlineConfig, writeCommand }, { newApiToken }] = await Promise.all([
      import('./offline.ts'),
      import('../http/secrets.ts'),
    ])
    const { text, sha256 } = newApiToken()
    const body = { ...wanted, expiresAt, sha256 }
    await writeCommand(offlineConfig(flags), { action: 'token.create', target: 'tokens', body })
    token = text
  } else {
    const body = { ...wanted, expiresAt: isoTime(expiresAt) }
    token = (await callApi<{ token: string }>(flags, '/api/v1/tokens', body)).token
  }
  const applies = isOffline(flags) ? 'when Faultline starts' : 'now'
  if (flags.json) return printJson({ ...wanted, expiresAt: isoTime(expiresAt), token, applies })
  printLine(`${name} is a token until ${isoTime(expiresAt)} (applies ${applies})`)
  printLine(`shown only here: ${token}`)
}

const list = async (flags: ServerFlags): Promise<void> => {
  const page = await callApi<{ items: TokenView[] }>(flags, '/api/v1/tokens?limit=500')
  if (flags.json) return printJson(page)
  printLine(
    table(
      ['id', 'name', 'roles', 'teams', 'ingest', 'expires', 'by'],
      page.items.map(({ id, name, roles, teams, ingest, expiresAt, revokedAt, createdBy }) => [
        id,
        name,
        roles.join(', '),
        teams?.join(', ') ?? 'all',
        ingest ? 'yes' : 'no',
        revokedAt === undefined ? expiresAt : 'revoked',
        createdBy,
      ]),
    ),
  )
}

const revoke = async (id: string, flags: ServerFlags): Promise<void> => {
  const path = `/api/v1/tokens/${encodeURIComponent(id)}`
  const revoked = await callApi<TokenView>(flags, path, undefined, 'DELETE')
  if (flags.json) return printJson(revoked)
  printLine(`${revoked.name} is revoked`)
}

export const registerTokens = (program: Command): void => {
  const tokens = program.command('tokens').description('API tokens of tools and scripts')
  withServerOptions(tokens.command('list').description('all, newest first')).action(list)
  withServerOptions(tokens.command('add').description('a new one').argument('<name>'))
    .addOption(new Option('--role <roles...>', 'what it may do').choices([...PEOPLE_ROLES]))
    .option('--team <teams...>', 'it sees and acts on the tickets of these teams only')
    .option('--ingest', 'it may send alerts and changes')
    .option('--days <n>', 'how long it may be used', '90')
    .option('--data <dir>', 'write to this data directory instead; Faultline must be stopped')
    .option('--config <file>', 'write to the log that this configuration names')
    .addHelpText(
      'after',
      `
Examples:
  faultline tokens add prometheus --ingest --days 366
  faultline tokens add dashboards --role viewer
  faultline tokens add db-bot --role responder --team db`,
    )
    .action(add)
  withServerOptions(
    tokens.command('revoke').description('end it now').argument('<id>', 'as the list shows it'),
  ).action(revoke)
}
