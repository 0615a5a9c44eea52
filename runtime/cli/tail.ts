// `faultline tail`: what changes, as it changes, a line each; filtered, and resumed after a gap.
import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { Option } from 'commander'
import { SEVERITIES, type Severity, severityRank } from '../../domain/severity.ts'
import { openStream, type ServerFlags, withServerOptions } from './client.ts'
import { readEvents, type StreamedEvent } from './event-stream.ts'
import { plain, printLine, UsageError } from './output.ts'

interface TailFlags extends ServerFlags {
  readonly kind?: string
  readonly severity?: Severity
  readonly status?: string
  readonly match?: string
  readonly count?: string
  readonly from?: string
}

type Ticket = Readonly<Record<string, unknown>>

const RECONNECT_MS = 2_000
/** Tries one after the other that all fail; any event starts counting anew. */
const RECONNECTS_MAX = 30

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

/** @returns whether all filters that were given fit */
export const fits = (event: string, ticket: Ticket, flags: TailFlags): boolean => {
  const { kind, severity, status, match } = flags
  if (kind !== undefined && kind !== event) return false
  if (status !== undefined && ticket.status !== status) return false
  const rank = SEVERITIES.includes(ticket.severity as Severity)
    ? severityRank(ticket.severity as Severity)
    : undefined
  if (severity !== undefined && (rank === undefined || rank < severityRank(severity))) return false
  const text = `${textOf(ticket.number)} ${textOf(ticket.title)}`.toLowerCase()
  return match === undefined || text.includes(match.toLowerCase())
}

/** `12:00:01  incident  INC-7  new  P2 critical  3 alerts  disk full on db-1` */
export const lineOf = (event: string, ticket: Ticket, at: Date): string => {
  const { number, status, priority, severity, alertCount, title } = ticket
  const alerts = typeof alertCount === 'number' ? `${alertCount} alerts` : ''
  const weight = [textOf(priority), textOf(severity)].filter(Boolean).join(' ')
  const cells = [at.toISOString().slice(11, 19), event, textOf(number), textOf(status)]
  return [...cells, weight, alerts, textOf(title)].filter(Boolean).map(plain).join('  ')
}

const countOf = (text: string | undefined): number => {
  if (text === undefined) return Number.POSITIVE_INFINITY
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`--count ${text}: must be a whole number from 1`)
  return count
}

/** @returns false where it is nothing to show */
const show = ({ event, data }: StreamedEvent, flags: TailFlags): boolean => {
  const ticket = JSON.parse(data) as Ticket
  if (!fits(event, ticket, flags)) return false
  printLine(
    flags.json ? JSON.stringify({ event, data: ticket }) : lineOf(event, ticket, new Date()),
  )
  return true
}

const run = async (flags: TailFlags): Promise<void> => {
  let left = countOf(flags.count)
  let last = flags.from
  let failures = 0
  let connected = false
  for (;;) {
    try {
      const stream = await openStream(flags, '/api/v1/stream', last)
      connected = true
      for await (const event of readEvents(stream)) {
        failures = 0
        last = event.id
        if (show(event, flags)) left -= 1
        if (left <= 0) return
      }
    } catch (error) {
      failures += 1
      // Who was never let in, or asks for what is not there, will not be by trying again.
      if (!connected || failures > RECONNECTS_MAX) throw error
    }
    await pause(RECONNECT_MS)
  }
}

export const registerTail = (program: Command): void => {
  withServerOptions(
    program.command('tail').description('follow what changes, a line each, until interrupted'),
  )
    .addOption(new Option('--kind <kind>', 'only these').choices(['incident', 'problem']))
    .addOption(new Option('--severity <word>', 'as bad as this or worse').choices([...SEVERITIES]))
    .option('--status <word>', 'only those in this state')
    .option('--match <text>', 'only those whose number or title has this text')
    .option('--from <id>', 'begin after this event id; 0: with everything as it is now')
    .option('--count <n>', 'stop after so many lines')
    .addHelpText(
      'after',
      `
Examples:
  faultline tail
  faultline tail --severity error --match checkout
  faultline tail --from 0 --status new --json | jq .data.title`,
    )
    .action(run)
}
