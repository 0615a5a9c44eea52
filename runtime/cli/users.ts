// `faultline users`: who may sign in, on a running Faultline or in the data directory of one.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import type { UserView } from '../../ticketing/people/bodies.ts'
import { PASSWORD_LENGTH_MIN, USER_NAME } from '../../ticketing/people/names.ts'
import { PEOPLE_ROLES } from '../../ticketing/people/roles.ts'
import { callApi, isOffline, type ServerFlags, withServerOptions } from './client.ts'
import type { OfflineFlags } from './offline.ts'
import { printJson, printLine, table, UsageError } from './output.ts'

interface UserFlags extends ServerFlags, OfflineFlags {
  readonly role?: readonly string[]
  readonly team?: readonly string[]
  readonly limited?: boolean
  readonly displayName?: string
  readonly email?: string
  readonly passwordStdin?: boolean
  readonly newPassword?: boolean
  readonly disable?: boolean
  readonly enable?: boolean
}

const PASSWORD_BYTES = 15

/** The first line of standard input; a password on the command line stands in every process list. */
const passwordFromStdin = (): string => {
  const [line = ''] = readFileSync(0, 'utf8').split(/\r?\n/, 1)
  if (line.length < PASSWORD_LENGTH_MIN)
    throw new UsageError(`a password needs at least ${PASSWORD_LENGTH_MIN} characters`)
  return line
}

const newPassword = (): string => randomBytes(PASSWORD_BYTES).toString('base64url')

const profileOf = (flags: UserFlags): Record<string, unknown> => ({
  ...(flags.role === undefined ? {} : { roles: flags.role }),
  ...(flags.team === undefined ? {} : { teams: flags.team }),
  ...(flags.limited === undefined ? {} : { limitedToTeams: flags.limited }),
  ...(flags.displayName === undefined ? {} : { displayName: flags.displayName }),
  ...(flags.email === undefined ? {} : { email: flags.email }),
})

/** Hands the user to the server, or to the log where there is none. */
const put = async (
  flags: UserFlags,
  name: string,
  kind: 'create' | 'update',
  password: string | undefined,
  profile: Record<string, unknown>,
): Promise<void> => {
  if (!USER_NAME.test(name))
    throw new UsageError(`${name}: lower-case letters, digits and . _ @ + - only`)
  if (!isOffline(flags)) {
    const body = { ...profile, ...(password === undefined ? {} : { password }) }
    if (kind === 'create') await callApi(flags, '/api/v1/users', { name, ...body })
    else await callApi(flags, `/api/v1/users/${encodeURIComponent(name)}`, body, 'PATCH')
    return
  }
  const [{ offlineConfig, writeCommand }, { createPasswords }] = await Promise.all([
    import('./offline.ts'),
    import('../http/passwords.ts'),
  ])
  const config = offlineConfig(flags)
  const passwords = createPasswords(config.auth.passwords)
  const hashed = password === undefined ? {} : { passwordHash: await passwords.hash(password) }
  const body = { ...profile, ...hashed }
  await writeCommand(config, { action: `user.${kind}`, target: name, body })
}

const tell = (flags: UserFlags, name: string, did: string, made: string | undefined): void => {
  const applies = isOffline(flags) ? 'when Faultline starts' : 'now'
  const password = made === undefined ? {} : { password: made }
  if (flags.json) {
    printJson({ name, applies, ...password })
    return
  }
  printLine(`${name} ${did} (applies ${applies})`)
  if (made !== undefined) printLine(`password, shown only here: ${made}`)
}

const add = async (name: string, flags: UserFlags): Promise<void> => {
  if (flags.role === undefined)
    throw new UsageError(`--role: one or more of ${PEOPLE_ROLES.join(', ')}`)
  const made = flags.passwordStdin ? undefined : newPassword()
  await put(flags, name, 'create', made ?? passwordFromStdin(), profileOf(flags))
  tell(flags, name, 'is a user', made)
}

const set = async (name: string, flags: UserFlags): Promise<void> => {
  const made = flags.newPassword ? newPassword() : undefined
  const password = flags.passwordStdin ? passwordFromStdin() : made
  const disabled = flags.disable ? true : flags.enable ? false : undefined
  const profile = { ...profileOf(flags), ...(disabled === undefined ? {} : { disabled }) }
  if (password === undefined && Object.keys(profile).length === 0)
    throw new UsageError('nothing to set; see --help')
  await put(flags, name, 'update', password, profile)
  tell(flags, name, 'is changed', made)
}

const list = async (flags: ServerFlags): Promise<void> => {
  const page = await callApi<{ items: UserView[] }>(flags, '/api/v1/users?limit=500')
  if (flags.json) return printJson(page)
  printLine(
    table(
      ['name', 'roles', 'teams', 'signs in by', 'state'],
      page.items.map(({ name, roles, teams, limitedToTeams, signsInBy, disabled }) => [
        name,
        roles.join(', '),
        teams.join(', ') + (limitedToTeams ? ' (only)' : ''),
        signsInBy,
        disabled ? 'disabled' : 'active',
      ]),
    ),
  )
}

/** Options of both, `add` and `set`. */
const withUserOptions = (command: Command): Command =>
  withServerOptions(command)
    .addOption(new Option('--role <roles...>', 'what they may do').choices([...PEOPLE_ROLES]))
    .option('--team <teams...>', 'teams that they are of')
    .option('--limited', 'they see and act on the tickets of those teams only')
    .option('--display-name <text>', 'shown beside the name')
    .option('--email <address>')
    .option('--password-stdin', 'read the password from standard input')
    .option('--data <dir>', 'write to this data directory instead; Faultline must be stopped')
    .option('--config <file>', 'write to the log that this configuration names')

export const registerUsers = (program: Command): void => {
  const users = program.command('users').description('who may sign in')
  withServerOptions(users.command('list').description('everybody, by name')).action(list)
  withUserOptions(users.command('add').description('somebody new').argument('<name>'))
    .addHelpText(
      'after',
      `
Examples:
  faultline users add ada --role admin                        to a running Faultline; prints a password
  faultline users add ada --role admin --data .data           before the first start
  pass show ada | faultline users add ada --role responder --team db --limited --password-stdin`,
    )
    .action(add)
  withUserOptions(users.command('set').description('change somebody').argument('<name>'))
    .option('--new-password', 'make a password and print it')
    .option('--disable', 'they can no longer sign in')
    .option('--enable', 'they can again')
    .addHelpText(
      'after',
      `
Examples:
  faultline users set ada --role responder problem-manager
  faultline users set ada --disable
  faultline users set ada --new-password --data .data         nobody knows the admin's password`,
    )
    .action(set)
}
