// What people do with problems: accept, analyse, record the cause and the workaround, close.
import type { CommandRecord } from '../../domain/records.ts'
import { PROBLEM_BODIES, type ProblemBody } from '../api/bodies.ts'
import { type Command, type Done, difference } from '../commands/command.ts'
import { refuse } from '../commands/outcome.ts'
import { legalActions } from '../lifecycles/lifecycle.ts'
import { PROBLEM_ACTIONS, PROBLEM_LIFECYCLE, type ProblemAction } from '../lifecycles/problem.ts'
import type { ProblemRow } from '../store/schema.ts'
import type { Work } from '../work.ts'
import { problemTarget, transitionProblem } from './ticket.ts'

interface Plan {
  readonly text: string
  readonly patch?: Partial<ProblemRow>
}

const PLANNERS: { readonly [A in ProblemAction]: (body: ProblemBody<A>) => Plan } = {
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

const auditable = ({ candidate: _, change: __, ...row }: ProblemRow) => row

const carryOut = async <A extends ProblemAction>(
  action: A,
  work: Work,
  { target, actor, at, ifVersion, body }: CommandRecord,
): Promise<Done> => {
  const row = await work.problems.get(target)
  if (row === undefined) return { outcome: refuse('not-found', `there is no problem ${target}`) }
  const { version } = row
  if (ifVersion !== undefined && ifVersion !== version)
    return {
      outcome: refuse('version-conflict', `${row.number} has moved on to version ${version}`, {
        version,
      }),
    }
  if (problemTarget(row, action) === null)
    return {
      outcome: refuse('illegal-transition', `${action} is not legal: it is ${row.status}`, {
        legalActions: legalActions(PROBLEM_LIFECYCLE, row.status),
      }),
    }
  const plan = PLANNERS[action](body as ProblemBody<A>)
  const changed = transitionProblem(work, row, { action, actor, at, ...plan })
  return {
    outcome: { kind: 'applied', target, version: changed.version },
    ...difference(auditable(row), auditable(changed)),
  }
}

export const problemCommands = (): [string, Command][] =>
  PROBLEM_ACTIONS.map((action) => [
    `problem.${action}`,
    { body: PROBLEM_BODIES[action], apply: (work, command) => carryOut(action, work, command) },
  ])
