// `faultline send`: one event from the shell, for scripts, cron jobs and trying things out.
import type { Command } from 'commander'
import { Option } from 'commander'
import { SEVERITIES } from '../../domain/severity.ts'
import { callApi, type ServerFlags, withServerOptions } from './client.ts'
import { printJson, printLine, UsageError } from './output.ts'

interface SendFlags extends ServerFlags {
  readonly severity?: string
  readonly summary?: string
  readonly label: readonly string[]
  readonly resolved?: boolean
  readonly key?: string
  readonly link?: string
  readonly runbook?: string
  readonly expires?: string
}

interface Answer {
  readonly accepted: number
  readonly deliveryId: string
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

/** @throws UsageError */
const labelsOf = (words: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=')
      if (at < 1) throw new UsageError(`--label ${word}: must be name=value`)
      return [word.slice(0, at), word.slice(at + 1)]
    }),
  )

/** @throws UsageError */
const durationMs = (text: string): number => {
  const [, count, unit = ''] = /^(\d{1,6})([smh])$/.exec(text) ?? []
  if (count === undefined) throw new UsageError(`--expires ${text}: must be like 90s, 10m or 2h`)
  return Number(count) * UNITS_MS[unit]!
}

/** As `POST /api/v1/events` takes it. */
export const eventOf = (name: string, flags: SendFlags, now: number): object => {
  const { severity, summary, label, resolved, key, link, runbook, expires } = flags
  return {
    name,
    status: resolved ? 'resolved' : 'firing',
    labels: labelsOf(label),
    startsAt: new Date(now).toISOString(),
    ...(severity === undefined ? {} : { severity }),
    ...(summary === undefined ? {} : { summary }),
    ...(key === undefined ? {} : { dedupKey: key }),
    ...(link === undefined ? {} : { link }),
    ...(runbook === undefined ? {} : { runbook }),
    ...(expires === undefined ? {} : { endsAt: new Date(now + durationMs(expires)).toISOString() }),
  }
}

const run = async (name: string, flags: SendFlags): Promise<void> => {
  const event = eventOf(name, flags, Date.now())
  const answer = await callApi<Answer>(flags, '/api/v1/events', event)
  if (flags.json) return printJson(answer)
  printLine(`taken: ${name} is ${flags.resolved ? 'resolved' : 'firing'}`)
}

const collect = (word: string, words: readonly string[]): readonly string[] => [...words, word]

export const registerSend = (program: Command): void => {
  withServerOptions(
    program
      .command('send')
      .description('send one event')
      .argument('<name>', 'the alert type, e.g. BackupFailed'),
  )
    .addOption(new Option('--severity <word>', 'how bad it is').choices([...SEVERITIES]))
    .option('--summary <text>', 'one line for people')
    .option('--label <name=value>', 'what it is about; once for each label', collect, [])
    .option('--resolved', 'it is over; the same name, labels or --key as when it fired')
    .option('--key <key>', 'names the condition; without it name and labels do')
    .option('--expires <duration>', 'over by itself unless sent again: 90s, 10m, 2h')
    .option('--link <url>', 'where to look')
    .option('--runbook <url>', 'what to do')
    .addHelpText(
      'after',
      `
Exit code 0 means that the event is on disk.

Examples:
  faultline send BackupFailed --severity error --label host=db-1 --summary "no dump since Friday"
  faultline send BackupFailed --label host=db-1 --resolved
  pg_dump shop > shop.sql || faultline send BackupFailed --label host=$(hostname) --expires 24h`,
    )
    .action(run)
}
