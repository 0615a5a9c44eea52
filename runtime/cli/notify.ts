// `faultline notify test`: tries a rule or a channel out, and says what came of it.
import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { callApi, type ServerFlags, withServerOptions } from './client.ts'
import { printJson, printLine, UsageError } from './output.ts'

interface TestFlags extends ServerFlags {
  readonly rule?: string
  readonly channel?: string
}

interface Notification {
  readonly id: string
  readonly channel: string
  readonly status: string
  readonly detail?: string
}

const LOOK_EVERY_MS = 250
/** Longer than the first attempt can take by default; later attempts are not waited for. */
const LOOKS_MAX = 60

/** As it stands once the first attempt is over. */
const outcome = async (flags: ServerFlags, id: string): Promise<Notification> => {
  const path = `/api/v1/notifications/${encodeURIComponent(id)}`
  let seen = await callApi<Notification>(flags, path)
  for (let look = 1; look < LOOKS_MAX; look++) {
    if (seen.status !== 'claimed' && !(seen.status === 'pending' && seen.detail === undefined))
      break
    await pause(LOOK_EVERY_MS)
    seen = await callApi<Notification>(flags, path)
  }
  return seen
}

const run = async (flags: TestFlags): Promise<void> => {
  const { rule, channel } = flags
  if ((rule === undefined) === (channel === undefined))
    throw new UsageError('name either --rule or --channel')
  const asked = await callApi<Notification>(flags, '/api/v1/notifications/test', { rule, channel })
  const notification = await outcome(flags, asked.id)
  if (flags.json) printJson(notification)
  if (notification.status !== 'sent')
    throw new Error(`${notification.channel}: ${notification.detail ?? notification.status}`)
  if (!flags.json) printLine(`sent by ${notification.channel}`)
}

export const registerNotify = (program: Command): void => {
  const notify = program.command('notify').description('notifications')
  withServerOptions(
    notify
      .command('test')
      .description('send a test message and say what came of it')
      .option('--rule <name>', 'the way of this rule, to whoever is on call now')
      .option('--channel <name>', 'by this channel'),
  )
    .addHelpText('after', '\nExamples:\n  faultline notify test --rule wake-someone')
    .action(run)
}
