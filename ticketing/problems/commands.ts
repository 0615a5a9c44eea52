// What people do with problems: accept, analyse, record the cause and the workaround, close.
import { PROBLEM_BODIES, type ProblemBody } from '../api/bodies.ts'
import type { Command } from '../commands/command.ts'
import { PROBLEM_ACTIONS, type ProblemAction } from '../lifecycles/problem.ts'
import type { ProblemRow } from '../store/schema.ts'
import { type Plan, ticketCommands } from '../tickets/ticket.ts'
import { PROBLEM } from './ticket.ts'

const PLANNERS: { readonly [A in ProblemAction]: (body: ProblemBody<A>) => Plan<ProblemRow> } = {
  accept: () => ({ text: 'Accepted for analysis' }),
  dismiss: ({ reason }) => ({ text: `Dismissed: ${reason}` }),
  'record-cause': ({ cause, workaround }) => ({
    text: `Cause: ${cause}`,
    patch: { cause, ...(workaround === undefined ? {} : { workaround }) },
  }),
  resolve: ({ resolution }) => ({ text: `Resolved: ${resolution}` }),
  close: () => ({ text: 'Closed' }),
  reopen: ({ reason }) => ({ text: `Reopened: ${reason}` }),
  assign: ({ assignee }) => ({
    text: assignee === null ? 'Assigned to nobody' : `Assigned to ${assignee}`,
    patch: { assignee },
  }),
  notes: ({ text }) => ({ text }),
}

const planFor = <A extends ProblemAction>(action: A, body: unknown): Plan<ProblemRow> =>
  PLANNERS[action](body as ProblemBody<A>)

export const problemCommands = (): [string, Command][] =>
  ticketCommands(
    PROBLEM,
    PROBLEM_ACTIONS,
    PROBLEM_BODIES,
    (action, _work, _row, { body }) => planFor(action, body),
    ({ candidate: _, change: __, ...row }) => row,
  )
