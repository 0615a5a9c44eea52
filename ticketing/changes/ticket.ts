// The change ticket, what its votes come to, and what the correlator is told of it.
import type { Millis } from '../../domain/time.ts'
import {
  CHANGE_LIFECYCLE,
  type ChangeAction,
  type ChangeSignal,
  type ChangeState,
} from '../lifecycles/change.ts'
import { endWindow, putWindow } from '../mutes/windows.ts'
import type { ChangeRow, ChangeVote } from '../store/schema.ts'
import { moveTicket, type TicketKind } from '../tickets/ticket.ts'
import type { Work } from '../work.ts'

export const CHANGE: TicketKind<ChangeRow, ChangeState, ChangeAction | ChangeSignal> = {
  kind: 'change',
  lifecycle: CHANGE_LIFECYCLE,
  rows: (work) => work.changes,
  fields: (row) => ({
    title: row.title,
    type: row.type,
    risk: row.risk,
    requester: row.requester,
    assignee: row.assignee,
    outcome: row.outcome,
    ciCount: row.cis.length,
    incidentCount: row.incidentIds.length,
    plannedStart: row.plannedStart,
    plannedEnd: row.plannedEnd,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
  }),
}

/** A person's newest vote counts, not each of them. */
export const withVote = (votes: readonly ChangeVote[], vote: ChangeVote): readonly ChangeVote[] => [
  ...votes.filter(({ actor }) => actor !== vote.actor),
  vote,
]

export const approvals = (votes: readonly ChangeVote[]): number =>
  votes.filter(({ approves }) => approves).length

/** Moves a change on as soon as its votes suffice. */
export const countVotes = (work: Work, row: ChangeRow, actor: string, at: Millis): ChangeRow => {
  const { quorum } = work.settings.changePolicy
  const inFavour = approvals(row.votes)
  const against = row.votes.length - inFavour
  if (row.status !== 'awaiting-approval') return row
  if (against >= quorum) {
    const text = `Rejected by ${against} of ${quorum} needed`
    return moveTicket(work, CHANGE, row, { action: 'fail', actor, at, text })
  }
  if (inFavour < quorum) return row
  const text = `Approved by ${inFavour} of ${quorum} needed`
  return moveTicket(work, CHANGE, row, { action: 'pass', actor, at, text })
}

/** The id under which the correlator knows the change on one CI. */
export const correlatedId = ({ id, origin }: ChangeRow, ci: string): string =>
  origin === 'reported' ? id : `${id}/${ci}`

/** What people request is called this and a hash; the correlator hears of it once for each CI. */
export const CHANGE_ID_PREFIX = 'chg-'
const REQUESTED_ON = /^(chg-[0-9a-f]{16})\//

/** The change that a hint of the correlator names. */
export const changeIdOf = (correlated: string): string =>
  REQUESTED_ON.exec(correlated)?.[1] ?? correlated

export const tellCorrelator = (work: Work, row: ChangeRow, at: Millis): void => {
  for (const ci of row.cis)
    work.broadcast({
      kind: 'change',
      at,
      change: {
        id: correlatedId(row, ci),
        ci,
        type: 'rfc',
        summary: `${row.number} ${row.title}`,
        startedAt: row.startedAt ?? at,
        ...(row.endedAt === null ? {} : { endedAt: row.endedAt }),
      },
    })
}

/** While it is carried out, what the change breaks is expected: nobody is to be called for it. */
export const openWindow = async (
  work: Work,
  row: ChangeRow,
  actor: string,
  at: Millis,
): Promise<void> => {
  const id = `window-${row.id}`
  const before = await work.windows.get(id)
  const window = {
    id,
    title: `${row.number} ${row.title}`,
    cis: row.cis,
    matchers: null,
    recurrence: null,
    startsAt: at,
    endsAt: Math.max(row.plannedEnd, at),
    createdBy: actor,
    changeId: row.id,
    cancelled: false,
  }
  putWindow(work, window, (before?.version ?? 0) + 1, at)
}

export const closeWindow = async (work: Work, row: ChangeRow, at: Millis): Promise<void> => {
  const window = await work.windows.get(`window-${row.id}`)
  if (window !== undefined) endWindow(work, window, at, false)
}
