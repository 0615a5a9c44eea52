// A ServiceNow incident audit log (one row per update) as desk transitions.
import type { TicketRecord } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'

type Row = Readonly<Record<string, string>>

const STATES: Readonly<Record<string, string>> = {
  New: 'new',
  Active: 'in-progress',
  'Awaiting User Info': 'on-hold',
  'Awaiting Vendor': 'on-hold',
  'Awaiting Problem': 'on-hold',
  'Awaiting Evidence': 'on-hold',
  Resolved: 'resolved',
  Closed: 'closed',
}

const ENDED: ReadonlySet<string> = new Set(['resolved', 'closed'])

const MISSING = '?'

/** `1 - Critical` is P1. */
const priorityOf = (text = ''): string | null => (/^\d/.test(text) ? `P${text[0]}` : null)

const textOf = (text = ''): string | null => (text === '' || text === MISSING ? null : text)

/** `29/2/2016 01:16`, read as UTC. Undefined where it is missing or no date. */
const timeOf = (text = ''): Millis | undefined => {
  const parts = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})$/.exec(text)?.slice(1).map(Number)
  if (parts === undefined) return undefined
  const [day, month, year, hour, minute] = parts as [number, number, number, number, number]
  const at = Date.UTC(year, month - 1, day, hour, minute)
  return new Date(at).getUTCDate() === day && month <= 12 ? at : undefined
}

const countOf = (text = ''): number => (/^\d+$/.test(text) ? Number(text) : 0)

/**
 * One update of one incident as its row tells it. What the row repeats from the future stands
 * under `last`: it holds only once the incident has got there.
 */
interface Update {
  readonly number: string
  readonly at: Millis
  readonly revision: number
  readonly actor: string
  /** As the source calls it; may be no word at all ("-100"). */
  readonly sourceState: string
  readonly lastResolvedAt: Millis | null
  readonly lastClosedAt: Millis | null
  readonly lastMadeSla: boolean
  readonly openedAt: Millis | null
  readonly priority: string | null
  readonly service: string | null
  readonly team: string | null
  readonly assignee: string | null
  readonly reopenCount: number
  readonly reassignmentCount: number
}

/** @returns undefined where there is no number, or no time of update */
const updateOf = (row: Row): Update | undefined => {
  const at = timeOf(row.sys_updated_at)
  const number = textOf(row.number)
  if (at === undefined || number === null) return undefined
  return {
    number,
    at,
    revision: countOf(row.sys_mod_count),
    actor: row.sys_updated_by ?? '',
    sourceState: row.incident_state ?? '',
    lastResolvedAt: timeOf(row.resolved_at) ?? null,
    lastClosedAt: timeOf(row.closed_at) ?? null,
    lastMadeSla: row.made_sla === 'true',
    openedAt: timeOf(row.opened_at) ?? null,
    priority: priorityOf(row.priority),
    service: textOf(row.cmdb_ci),
    team: textOf(row.assignment_group),
    assignee: textOf(row.assigned_to),
    reopenCount: countOf(row.reopen_count),
    reassignmentCount: countOf(row.reassignment_count),
  }
}

const oldestFirst = (a: Update, b: Update): number => a.at - b.at || a.revision - b.revision

const identityOf = ({ at, revision }: Update): string => `${at}/${revision}`

/** As far as it was known at this update. */
const resolvedAtOf = ({ lastResolvedAt, at }: Update, state: string): Millis | null =>
  !ENDED.has(state) || lastResolvedAt === null ? null : Math.min(lastResolvedAt, at)

const closedAtOf = ({ lastClosedAt, at }: Update, state: string): Millis | null =>
  state === 'closed' ? Math.min(lastClosedAt ?? at, at) : null

const slaOf = ({ lastMadeSla }: Update, state: string): string => {
  if (!ENDED.has(state)) return 'running'
  return lastMadeSla ? 'met' : 'breached'
}

const actionOf = (from: string, to: string): string => {
  if (from === '') return 'open'
  if (from === to) return 'update'
  if (ENDED.has(from) && !ENDED.has(to)) return 'reopen'
  const actions: Record<string, string> = {
    'in-progress': 'start',
    'on-hold': 'hold',
    resolved: 'resolve',
    closed: 'close',
    new: 'reset',
  }
  return actions[to] ?? 'update'
}

/**
 * A state that is no word ("-100") tells nothing: the incident is closed or resolved where it has
 * got to the last time of that, and stays where it was otherwise.
 */
const stateByTimes = ({ at, lastClosedAt, lastResolvedAt }: Update, before: string): string => {
  if (lastClosedAt !== null && lastClosedAt <= at) return 'closed'
  return lastResolvedAt !== null && lastResolvedAt <= at ? 'resolved' : before
}

const transitionsOf = (number: string, updates: readonly Update[]): TicketRecord[] => {
  let state = ''
  let acknowledgedAt: Millis | null = null
  return updates.map((update, i) => {
    const { at, actor, sourceState, revision } = update
    const { lastResolvedAt, lastClosedAt, lastMadeSla } = update
    const fromState = state
    state = STATES[sourceState] ?? stateByTimes(update, state === '' ? 'new' : state)
    if (state === 'in-progress') acknowledgedAt ??= at
    const { priority, service, team, assignee, openedAt, reopenCount, reassignmentCount } = update
    return {
      id: `${number}@${identityOf(update)}`,
      ticketKind: 'incident',
      ticketId: number,
      number,
      version: i + 1,
      at,
      actor,
      action: actionOf(fromState, state),
      fromState,
      toState: state,
      fields: {
        priority,
        service,
        team,
        assignee,
        openedAt,
        acknowledgedAt,
        resolvedAt: resolvedAtOf(update, state),
        closedAt: closedAtOf(update, state),
        reopenCount,
        reassignmentCount,
        resolutionSla: slaOf(update, state),
        // What only the row knows: rows that come later are put in their place among these.
        revision,
        sourceState,
        lastResolvedAt,
        lastClosedAt,
        lastMadeSla,
      },
    }
  })
}

/** A transition as the facts hold it: every field is text, null ones are missing. */
export interface ImportedTransition {
  readonly ticketId: string
  readonly at: Millis
  readonly actor: string
  readonly fields: Readonly<Record<string, string>>
}

/** The update that an earlier import made the transition of. */
const updateFrom = ({ ticketId, at, actor, fields }: ImportedTransition): Update => {
  const text = (name: string): string | null => fields[name] ?? null
  const number = (name: string): number | null =>
    fields[name] === undefined ? null : Number(fields[name])
  return {
    number: ticketId,
    at,
    revision: number('revision') ?? 0,
    actor,
    sourceState: fields.sourceState ?? '',
    lastResolvedAt: number('lastResolvedAt'),
    lastClosedAt: number('lastClosedAt'),
    lastMadeSla: fields.lastMadeSla === 'true',
    openedAt: number('openedAt'),
    priority: text('priority'),
    service: text('service'),
    team: text('team'),
    assignee: text('assignee'),
    reopenCount: number('reopenCount') ?? 0,
    reassignmentCount: number('reassignmentCount') ?? 0,
  }
}

export interface ServiceNowImport {
  /** In order of time; ids and versions are the same in whatever order the rows came. */
  readonly transitions: readonly TicketRecord[]
  /** Rows left out: no number, or no time of update. */
  readonly unreadable: number
}

/**
 * Rows may come in any order and more than once.
 * @param known what earlier imports made; of incidents that the rows are about, all is told anew
 */
export const importServiceNowLog = (
  rows: Iterable<Row>,
  known: Iterable<ImportedTransition> = [],
): ServiceNowImport => {
  const incidents = new Map<string, Map<string, Update>>()
  let unreadable = 0
  for (const row of rows) {
    const update = updateOf(row)
    if (update === undefined) {
      unreadable++
      continue
    }
    const own = incidents.get(update.number) ?? new Map<string, Update>()
    incidents.set(update.number, own.set(identityOf(update), update))
  }
  for (const each of known) {
    const update = updateFrom(each)
    const own = incidents.get(each.ticketId)
    if (own !== undefined && !own.has(identityOf(update))) own.set(identityOf(update), update)
  }
  const transitions = [...incidents].flatMap(([number, updates]) =>
    transitionsOf(number, [...updates.values()].sort(oldestFirst)),
  )
  return { transitions: transitions.sort((a, b) => a.at - b.at), unreadable }
}
