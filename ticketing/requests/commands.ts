// Service requests: asked for from the catalogue, approved, fulfilled task by task.
import { hash64 } from '../../domain/hash.ts'
import type { CommandRecord } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import { NewRequest, REQUEST_BODIES, type RequestBody } from '../api/bodies.ts'
import type { Command } from '../commands/command.ts'
import { type Refusal, refuse } from '../commands/outcome.ts'
import {
  REQUEST_ACTIONS,
  REQUEST_LIFECYCLE,
  type RequestAction,
  type RequestState,
} from '../lifecycles/request.ts'
import type { RequestRow } from '../store/schema.ts'
import { newTask } from '../tasks/task.ts'
import { assigning } from '../tickets/assign.ts'
import {
  moveTicket,
  openTicketOf,
  type Plan,
  type TicketKind,
  ticketCommands,
} from '../tickets/ticket.ts'
import type { Work } from '../work.ts'

export const REQUEST: TicketKind<RequestRow, RequestState, RequestAction> = {
  kind: 'request',
  lifecycle: REQUEST_LIFECYCLE,
  rows: (work) => work.requests,
  fields: (row) => ({
    item: row.item,
    title: row.title,
    requester: row.requester,
    assignee: row.assignee,
    team: row.team,
    createdAt: row.createdAt,
    dueAt: row.dueAt,
    fulfilledAt: row.fulfilledAt,
    inTime: row.fulfilledAt === null ? null : row.fulfilledAt <= (row.dueAt ?? row.fulfilledAt),
  }),
}

type Planned = Plan<RequestRow> | Refusal
type Planner<A extends RequestAction> = (
  row: RequestRow,
  body: RequestBody<A>,
  work: Work,
  command: CommandRecord,
) => Planned | Promise<Planned>

/** The tasks of its catalogue item are set once it may be fulfilled. */
const setTasks = (work: Work, row: RequestRow, command: CommandRecord): void => {
  for (const [nth, title] of (work.catalogue.item(row.item)?.tasks ?? []).entries())
    work.tasks.put(newTask(work, row.id, 'fulfilment', title, command, nth))
}

const approverObjection = (work: Work, row: RequestRow, actor: string): Refusal | undefined => {
  const approvers = work.catalogue.item(row.item)?.approvers ?? []
  return approvers.includes(actor) ? undefined : refuse('invalid', `${actor} is not an approver`)
}

const PLANNERS: { readonly [A in RequestAction]: Planner<A> } = {
  approve: (row, _body, work, command) =>
    approverObjection(work, row, command.actor) ?? {
      text: 'Approved',
      afterwards: (approved) => setTasks(work, approved, command),
    },
  reject: (row, { reason }, work, { actor }) =>
    approverObjection(work, row, actor) ?? { text: `Rejected: ${reason}` },
  fulfil: (_row, _body, _work, { at }) => ({ text: 'Fulfilled', patch: { fulfilledAt: at } }),
  reopen: (_row, { reason }) => ({ text: `Reopened: ${reason}`, patch: { fulfilledAt: null } }),
  close: () => ({ text: 'Closed' }),
  cancel: (_row, { reason }) => ({ text: `Cancelled: ${reason}` }),
  assign: (_row, { assignee }, work) => assigning(work, assignee),
  notes: (_row, { text }) => ({ text }),
}

const planFor = <A extends RequestAction>(
  action: A,
  work: Work,
  row: RequestRow,
  command: CommandRecord,
): Planned | Promise<Planned> =>
  PLANNERS[action](row, command.body as RequestBody<A>, work, command)

const create: Command = {
  body: NewRequest,
  async apply(work, command) {
    const { id, actor, at } = command
    const { item: itemId, values } = command.body as NewRequest
    const fault = work.catalogue.fault(itemId, values)
    const item = work.catalogue.item(itemId)
    if (fault !== undefined || item === undefined)
      return { outcome: refuse('invalid', fault ?? itemId) }
    const approved = item.approvers.length === 0
    const row: RequestRow = {
      id: `req-${hash64(id)}`,
      number: `REQ-${work.next('request')}`,
      item: itemId,
      title: item.title,
      status: approved ? 'fulfilling' : 'awaiting-approval',
      requester: actor,
      assignee: null,
      team: item.team ?? null,
      form: values,
      dueAt: work.sla.calendar(item.calendar).after(at, item.targetMs) ?? null,
      fulfilledAt: null,
      createdAt: at,
      version: 1,
      change: 0,
    }
    openTicketOf(work, REQUEST, row, { actor, at, text: `Asked for by ${actor}` })
    if (approved) setTasks(work, row, command)
    return { outcome: { kind: 'applied', target: row.id, version: 1 }, before: {}, after: row }
  },
}

/** With its last task done the request is fulfilled. */
export const fulfilIfDone = async (
  work: Work,
  ticketId: string,
  tasksOpen: number,
  actor: string,
  at: Millis,
): Promise<void> => {
  const row = await work.requests.get(ticketId)
  if (row === undefined) return
  if (row.status !== 'fulfilling' || tasksOpen > 0) return work.requests.put(row)
  const patch = { fulfilledAt: at }
  moveTicket(work, REQUEST, row, { action: 'fulfil', actor, at, text: 'Fulfilled', patch })
}

export const requestCommands = (): [string, Command][] => [
  ['request.create', create],
  ...ticketCommands(
    REQUEST,
    REQUEST_ACTIONS,
    REQUEST_BODIES,
    planFor,
    ({ change: _, ...row }) => row,
  ),
]
