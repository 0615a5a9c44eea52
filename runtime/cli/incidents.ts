// `faultline incidents merge | split | move | undo | decisions`: corrections of what belongs together.
import type { Command } from 'commander'
import { callApi, type ServerFlags } from './client.ts'
import { printJson, printLine, table } from './output.ts'

interface Ticket {
  readonly id: string
  readonly number: string
}

interface Decided extends Ticket {
  /** What `undo` names. */
  readonly command: string
  /** The desk has it, but has not answered in time. */
  readonly status?: string
  readonly commandId?: string
}

interface Decision {
  readonly command: string
  readonly action: string
  readonly actor: string
  readonly at: string
  readonly text: string
  readonly undoneBy?: string
}

const pathOf = (incident: string, rest = ''): string =>
  `/api/v1/incidents/${encodeURIComponent(incident)}${rest}`

/** Actions name other incidents by id; people know their numbers. */
const idOf = async (flags: ServerFlags, incident: string): Promise<string> =>
  (await callApi<Ticket>(flags, pathOf(incident))).id

const decide = async (
  flags: ServerFlags,
  incident: string,
  action: string,
  body: object,
  said: string,
): Promise<void> => {
  const answer = await callApi<Decided>(flags, pathOf(incident, `/${action}`), body)
  if (flags.json) return printJson(answer)
  const command = answer.command ?? answer.commandId
  printLine(`${incident}: ${said}`)
  printLine(`to take it back: faultline incidents undo ${incident} ${command}`)
}

const alertsOf = (alerts: readonly string[]): string =>
  `${alerts.length} alert${alerts.length === 1 ? '' : 's'}`

const merge = async (incident: string, { into, ...flags }: ServerFlags & { into: string }) =>
  decide(flags, incident, 'merge', { into: await idOf(flags, into) }, `to be merged into ${into}`)

const split = (incident: string, alerts: string[], flags: ServerFlags) =>
  decide(flags, incident, 'split', { alertIds: alerts }, `${alertsOf(alerts)} to be split off`)

const move = async (
  incident: string,
  alerts: string[],
  { to, ...flags }: ServerFlags & { to: string },
) =>
  decide(
    flags,
    incident,
    'move',
    { alertIds: alerts, to: await idOf(flags, to) },
    `${alertsOf(alerts)} to be moved to ${to}`,
  )

const decisionsOf = async (flags: ServerFlags, incident: string): Promise<readonly Decision[]> =>
  (await callApi<{ items: Decision[] }>(flags, pathOf(incident, '/decisions'))).items

const undo = async (incident: string, command: string | undefined, flags: ServerFlags) => {
  const named =
    command ?? (await decisionsOf(flags, incident)).find((each) => !each.undoneBy)?.command
  if (named === undefined) throw new Error(`${incident}: there is no decision to take back`)
  const answer = await callApi(flags, pathOf(incident, '/undo'), { command: named })
  if (flags.json) return printJson(answer)
  printLine(`${incident}: decision ${named} to be taken back`)
}

const decisions = async (incident: string, flags: ServerFlags): Promise<void> => {
  const items = await decisionsOf(flags, incident)
  if (flags.json) return printJson({ items })
  if (items.length === 0) return printLine('no decisions yet')
  const rows = items.map(({ command, at, actor, text, undoneBy }) => [
    command,
    at,
    actor,
    text,
    undoneBy === undefined ? '' : `taken back by ${undoneBy}`,
  ])
  printLine(table(['command', 'at', 'actor', 'decision', ''], rows))
}

/** Flags such as --url are those of `incidents`, wherever they stand. */
const allFlags = <F extends ServerFlags>(command: Command): F => command.optsWithGlobals<F>()

/** @param incidents the command that lists them */
export const addIncidentActions = (incidents: Command): void => {
  incidents
    .command('merge')
    .description('put an incident’s alerts into another')
    .argument('<incident>', 'id or number')
    .requiredOption('--into <incident>', 'id or number of the one that stays')
    .action((incident: string, _flags, command: Command) => merge(incident, allFlags(command)))
  incidents
    .command('split')
    .description('take alerts out into an incident of their own')
    .argument('<incident>', 'id or number')
    .argument('<alert...>', 'ids of alerts')
    .action((incident: string, alerts: string[], _flags, command: Command) =>
      split(incident, alerts, allFlags(command)),
    )
  incidents
    .command('move')
    .description('move alerts to another incident')
    .argument('<incident>', 'id or number')
    .argument('<alert...>', 'ids of alerts')
    .requiredOption('--to <incident>', 'id or number')
    .action((incident: string, alerts: string[], _flags, command: Command) =>
      move(incident, alerts, allFlags(command)),
    )
  incidents
    .command('undo')
    .description('take a decision back; without its command, the newest')
    .argument('<incident>', 'id or number')
    .argument('[command]', 'as `decisions` lists it')
    .action((incident: string, named: string | undefined, _flags, command: Command) =>
      undo(incident, named, allFlags(command)),
    )
  incidents
    .command('decisions')
    .description('what people decided about its alerts')
    .argument('<incident>', 'id or number')
    .action((incident: string, _flags, command: Command) => decisions(incident, allFlags(command)))
}
