// What problems, changes and requests have in common: one way to open, one way to move.
import type { TObject } from 'typebox'
import type { CommandRecord, TicketRecord } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import { type Command, type Done, difference } from '../commands/command.ts'
import { type Refusal, refuse } from '../commands/outcome.ts'
import { type Lifecycle, legalActions } from '../lifecycles/lifecycle.ts'
import type { Rows } from '../store/rows.ts'
import type { Work } from '../work.ts'

export interface TicketRow<State extends string = string> {
  readonly id: string
  readonly number: string
  readonly status: State
  readonly version: number
}

/** Something done to a ticket, by a person or by the desk itself. */
export interface Deed<Row> {
  readonly action: string
  readonly actor: string
  readonly at: Millis
  /** One sentence for the timeline. */
  readonly text: string
  readonly patch?: Partial<Row>
}

/** What an action would change, worked out before anything is. */
export interface Plan<Row> {
  readonly text: string
  readonly patch?: Partial<Row>
  readonly result?: Readonly<Record<string, unknown>>
  /** What follows once the ticket has moved: its next step, a record for the correlator … */
  readonly afterwards?: (row: Row) => Promise<unknown> | unknown
}

export interface TicketKind<
  Row extends TicketRow<State>,
  State extends string,
  Action extends string,
> {
  readonly kind: TicketRecord['ticketKind']
  readonly lifecycle: Lifecycle<State, Action>
  rows(work: Work): Rows<Row>
  /** The fields worth counting. */
  fields(row: Row): TicketRecord['fields']
}

const announce = <Row extends TicketRow<S>, S extends string, A extends string>(
  work: Work,
  { kind, rows, fields }: TicketKind<Row, S, A>,
  row: Row,
  fromState: string,
  { action, actor, at, text }: Deed<Row>,
): Row => {
  const id = `${row.id}@${row.version}`
  rows(work).put(row)
  work.tell({ id, ticketId: row.id, at, kind: action, text, actor, alertId: null })
  work.announce({
    id,
    ticketKind: kind,
    ticketId: row.id,
    number: row.number,
    version: row.version,
    at,
    actor,
    action,
    fromState,
    toState: row.status,
    fields: fields(row),
  })
  return row
}

/** Puts a new ticket, its first timeline entry and its first transition. */
export const openTicketOf = <Row extends TicketRow<S>, S extends string, A extends string>(
  work: Work,
  kind: TicketKind<Row, S, A>,
  row: Row,
  deed: Omit<Deed<Row>, 'action'>,
): Row => announce(work, kind, row, '', { ...deed, action: 'open' })

/** @throws Error when the lifecycle does not allow it: ask the lifecycle first */
export const moveTicket = <Row extends TicketRow<S>, S extends string, A extends string>(
  work: Work,
  kind: TicketKind<Row, S, A>,
  row: Row,
  deed: Deed<Row> & { readonly action: A },
): Row => {
  const status = kind.lifecycle[row.status][deed.action]
  if (status === null) throw new Error(`${deed.action} is not legal in state ${row.status}`)
  const moved: Row = { ...row, ...deed.patch, status, version: row.version + 1 }
  return announce(work, kind, moved, row.status, deed)
}

export const isRefusal = (value: object): value is Refusal =>
  'kind' in value && value.kind === 'refused'

/** Is it there, is it the version that was seen, is the action legal now? */
const objection = <Row extends TicketRow<S>, S extends string, A extends string>(
  { kind, lifecycle }: TicketKind<Row, S, A>,
  row: Row | undefined,
  action: A,
  people: readonly A[],
  { target, ifVersion }: CommandRecord,
): Refusal | undefined => {
  if (row === undefined) return refuse('not-found', `there is no ${kind} ${target}`)
  const { version, status, number } = row
  if (ifVersion !== undefined && ifVersion !== version)
    return refuse('version-conflict', `${number} has moved on to version ${version}`, { version })
  if (lifecycle[status][action] !== null) return undefined
  return refuse('illegal-transition', `${action} is not legal: it is ${status}`, {
    legalActions: legalActions(lifecycle, status).filter((each) => people.includes(each)),
  })
}

/** The commands by which people move tickets of one kind. */
export const ticketCommands = <
  Row extends TicketRow<S>,
  S extends string,
  A extends string,
  P extends A,
>(
  kind: TicketKind<Row, S, A>,
  people: readonly P[],
  bodies: Readonly<Record<P, TObject>>,
  plan: (
    action: P,
    work: Work,
    row: Row,
    command: CommandRecord,
  ) => Promise<Plan<Row> | Refusal> | Plan<Row> | Refusal,
  /** What the audit log shows of a ticket. */
  auditable: (row: Row) => Readonly<Record<string, unknown>>,
): [string, Command][] =>
  people.map((action) => [
    `${kind.kind}.${action}`,
    {
      body: bodies[action],
      async apply(work, command): Promise<Done> {
        const { target, actor, at } = command
        const row = await kind.rows(work).get(target)
        const refusal = objection(kind, row, action, people, command)
        if (row === undefined || refusal !== undefined)
          return { outcome: refusal ?? refuse('not-found', target) }
        const planned = await plan(action, work, row, command)
        if (isRefusal(planned)) return { outcome: planned }
        const { text, patch, result, afterwards } = planned
        const deed = { action, actor, at, text, ...(patch === undefined ? {} : { patch }) }
        const moved = moveTicket(work, kind, row, deed)
        await afterwards?.(moved)
        const after = (await kind.rows(work).get(target)) ?? row
        return {
          outcome: {
            kind: 'applied',
            target,
            version: after.version,
            ...(result === undefined ? {} : { result }),
          },
          ...difference(auditable(row), auditable(after)),
        }
      },
    },
  ])
