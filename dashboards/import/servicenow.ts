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

interface Update {
  readonly row: Row
  readonly at: Millis
  readonly revision: number
}

const oldestFirst = (a: Update, b: Update): number => a.at - b.at || a.revision - b.revision

const identityOf = ({ at, revision }: Update): string => `${at}/${revision}`

/**
 * When the incident was resolved as far as it was known at this update: the row repeats the last
 * resolution of all, which may lie in its future.
 */
const resolvedAtOf = ({ row, at }: Update, state: string): Millis | null => {
  const last = timeOf(row.resolved_at)
  if (!ENDED.has(state) || last === undefined) return null
  return Math.min(last, at)
}

const slaOf = ({ row }: Update, state: string): string => {
  if (!ENDED.has(state)) return 'running'
  return row.made_sla === 'true' ? 'met' : 'breached'
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

const transitionsOf = (number: string, updates: readonly Update[]): TicketRecord[] => {
  let state = ''
  let acknowledgedAt: Millis | null = null
  return updates.map((update, i) => {
    const { row, at } = update
    const fromState = state
    // A state that is no word ("-100") tells nothing: the incident stays where it was.
    state = STATES[row.incident_state ?? ''] ?? (state === '' ? 'new' : state)
    if (state === 'in-progress') acknowledgedAt ??= at
    return {
      id: `${number}@${identityOf(update)}`,
      ticketKind: 'incident',
      ticketId: number,
      number,
      version: i + 1,
      at,
      actor: row.sys_updated_by ?? '',
      action: actionOf(fromState, state),
      fromState,
      toState: state,
      fields: {
        priority: priorityOf(row.priority),
        team: textOf(row.assignment_group),
        assignee: textOf(row.assigned_to),
        openedAt: timeOf(row.opened_at) ?? null,
        acknowledgedAt,
        resolvedAt: resolvedAtOf(update, state),
        closedAt: state === 'closed' ? at : null,
        reopenCount: Number(row.reopen_count ?? 0),
        reassignmentCount: Number(row.reassignment_count ?? 0),
        resolutionSla: slaOf(update, state),
      },
    }
  })
}

export interface ServiceNowImport {
  /** In order of time; ids and versions are the same in whatever order the rows came. */
  readonly transitions: readonly TicketRecord[]
  /** Rows left out: no number, or no time of update. */
  readonly unreadable: number
}

/** Rows may come in any order and more than once. */
export const importServiceNowLog = (rows: Iterable<Row>): ServiceNowImport => {
  const incidents = new Map<string, Map<string, Update>>()
  let unreadable = 0
  for (const row of rows) {
    const at = timeOf(row.sys_updated_at)
    const number = textOf(row.number)
    if (at === undefined || number === null) {
      unreadable++
      continue
    }
    const update = { row, at, revision: Number(row.sys_mod_count ?? 0) }
    const own = incidents.get(number) ?? new Map<string, Update>()
    incidents.set(number, own.set(identityOf(update), update))
  }
  const transitions = [...incidents].flatMap(([number, updates]) =>
    transitionsOf(number, [...updates.values()].sort(oldestFirst)),
  )
  return { transitions: transitions.sort((a, b) => a.at - b.at), unreadable }
}
