// What people do with changes: request, submit, vote, carry out, review.
import { hash64 } from '../../domain/hash.ts'
import type { CommandRecord } from '../../domain/records.ts'
import { CHANGE_BODIES, type ChangeBodyOf, NewChange } from '../api/bodies.ts'
import { unknownCis } from '../cis/graph.ts'
import type { Command } from '../commands/command.ts'
import { type Refusal, refuse } from '../commands/outcome.ts'
import { CHANGE_ACTIONS, type ChangeAction } from '../lifecycles/change.ts'
import { fixesDone } from '../problems/fix.ts'
import type { ChangeRow } from '../store/schema.ts'
import { assigning } from '../tickets/assign.ts'
import { moveTicket, openTicketOf, type Plan, ticketCommands } from '../tickets/ticket.ts'
import type { Work } from '../work.ts'
import { assessChange } from './assessment.ts'
import { passesAtOnce, voteObjection } from './policy.ts'
import { reportedChangeCommands } from './reported.ts'
import { describeStanding, reachOf, readStanding } from './standing.ts'
import { judge } from './suspects.ts'
import {
  approvals,
  CHANGE,
  CHANGE_ID_PREFIX,
  closeWindow,
  countVotes,
  openWindow,
  tellCorrelator,
  withVote,
} from './ticket.ts'

type Planned = Plan<ChangeRow> | Refusal
type Planner<A extends ChangeAction> = (
  row: ChangeRow,
  body: ChangeBodyOf<A>,
  work: Work,
  command: CommandRecord,
) => Promise<Planned> | Planned

const unordered = refuse('invalid', 'plannedEnd must be after plannedStart')

const update: Planner<'update'> = async (row, body, work) => {
  const { title, description, plan, backoutPlan, cis, plannedStart, plannedEnd } = body
  const start = plannedStart === undefined ? row.plannedStart : Date.parse(plannedStart)
  const end = plannedEnd === undefined ? row.plannedEnd : Date.parse(plannedEnd)
  if (end <= start) return unordered
  const unknown = unknownCis(await work.graph(), cis ?? [])
  if (unknown !== undefined) return refuse('invalid', unknown)
  const words = Object.entries({ description, plan, backoutPlan })
  return {
    text: 'Edited',
    patch: {
      title: title ?? row.title,
      cis: cis ?? row.cis,
      plannedStart: start,
      plannedEnd: end,
      body: { ...row.body, ...Object.fromEntries(words.filter(([, text]) => text !== undefined)) },
    },
  }
}

/** Assessed as it is submitted; what needs no vote is scheduled at once. */
const submit: Planner<'submit'> = async (row, _body, work, { actor, at }) => {
  const assessment = await assessChange(work, row, at)
  const { risk, freezes } = assessment
  return {
    text: `Submitted: risk ${risk}, impact ${assessment.impact}`,
    patch: { assessment, risk, votes: [] },
    afterwards(submitted) {
      if (!passesAtOnce(work.settings.changePolicy, row.type, risk, freezes.length > 0)) return
      const text =
        row.type === 'emergency'
          ? 'An emergency is approved afterwards'
          : `Needs no vote: ${row.type}, risk ${risk}`
      moveTicket(work, CHANGE, submitted, { action: 'pass', actor, at, text })
    },
  }
}

const vote =
  (approves: boolean): Planner<'approve'> =>
  (row, { comment }, work, { actor, at }) => {
    const why = voteObjection(work.settings.changePolicy, actor, row.requester)
    if (why !== undefined) return refuse('invalid', why)
    const cast = { actor, approves, at, ...(comment === undefined ? {} : { comment }) }
    return {
      text: `${approves ? 'In favour' : 'Against'}${comment === undefined ? '' : `: ${comment}`}`,
      patch: { votes: withVote(row.votes, cast) },
      afterwards: (voted) => countVotes(work, voted, actor, at),
    }
  }

/** What is wrong already is said before anything is touched. */
const begin: Planner<'begin'> = async ({ cis }, _body, work, { actor, at }) => {
  const standing = await readStanding(work.sql, reachOf(await work.graph(), cis))
  return {
    text: ['Implementation began', ...describeStanding(standing)].join('; '),
    patch: { startedAt: at },
    async afterwards(row) {
      tellCorrelator(work, row, at)
      await openWindow(work, row, actor, at)
    },
  }
}

const finish: Planner<'finish'> = (_row, { outcome, comment }, work, { at }) => ({
  text: `Finished, ${outcome}${comment === undefined ? '' : `: ${comment}`}`,
  patch: { endedAt: at, outcome },
  async afterwards(row) {
    tellCorrelator(work, row, at)
    await closeWindow(work, row, at)
  },
})

const close: Planner<'close'> = (row, { comment }, work, { at }) => {
  const { quorum } = work.settings.changePolicy
  if (row.type === 'emergency' && approvals(row.votes) < quorum)
    return refuse('invalid', `an emergency change closes once ${quorum} have approved it`)
  return {
    text: comment === undefined ? 'Closed' : `Closed: ${comment}`,
    afterwards: (closed) => fixesDone(work, closed, at),
  }
}

const PLANNERS: { readonly [A in ChangeAction]: Planner<A> } = {
  update,
  submit,
  approve: vote(true),
  reject: vote(false),
  revise: (_row, { reason }) => ({ text: `Back to draft: ${reason}`, patch: { votes: [] } }),
  begin,
  finish,
  close,
  cancel: (_row, { reason }) => ({ text: `Cancelled: ${reason}` }),
  assign: (_row, { assignee }, work) => assigning(work, assignee),
  notes: (_row, { text }) => ({ text }),
  match: judge('match'),
  'no-match': judge('no-match'),
}

const planFor = <A extends ChangeAction>(
  action: A,
  work: Work,
  row: ChangeRow,
  command: CommandRecord,
): Promise<Planned> | Planned =>
  PLANNERS[action](row, command.body as ChangeBodyOf<A>, work, command)

const create: Command = {
  body: NewChange,
  async apply(work, { id, actor, at, body }) {
    const { title, type, cis, plannedStart, plannedEnd, ...words } = body as NewChange
    const [start, end] = [Date.parse(plannedStart), Date.parse(plannedEnd)]
    if (end <= start) return { outcome: unordered }
    const unknown = unknownCis(await work.graph(), cis)
    if (unknown !== undefined) return { outcome: refuse('invalid', unknown) }
    const row: ChangeRow = {
      id: `${CHANGE_ID_PREFIX}${hash64(id)}`,
      number: `CHG-${work.next('change-number')}`,
      origin: 'requested',
      title,
      type,
      status: 'draft',
      requester: actor,
      assignee: null,
      cis,
      plannedStart: start,
      plannedEnd: end,
      startedAt: null,
      endedAt: null,
      outcome: null,
      risk: null,
      body: words,
      assessment: null,
      votes: [],
      incidentIds: [],
      verdicts: {},
      link: null,
      createdAt: at,
      version: 1,
      change: 0,
    }
    openTicketOf(work, CHANGE, row, { actor, at, text: `Requested by ${actor}` })
    return { outcome: { kind: 'applied', target: row.id, version: 1 }, before: {}, after: row }
  },
}

export const changeCommands = (): [string, Command][] => [
  ['change.create', create],
  ...reportedChangeCommands(),
  ...ticketCommands(
    CHANGE,
    CHANGE_ACTIONS,
    CHANGE_BODIES,
    planFor,
    ({ assessment: _, change: __, ...row }) => row,
  ),
]
