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
const correlatedId = (row: ChangeRow, ci: string): string => `${row.id}/${ci}`

/** Tells the desk's own changes from those that tools report. */
export const CHANGE_ID_PREFIX = 'chg-'

/** The change that a hint of the correlator names, if it is one of the desk's. */
const changeIdOf = (correlated: string): string | undefined =>
  correlated.startsWith(CHANGE_ID_PREFIX) ? correlated.split('/')[0] : undefined

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

const INCIDENTS_MAX = 500

/** An incident that the correlator suspects a change of, seen from the change. */
export const attachIncident = async (
  work: Work,
  correlated: string,
  incident: { readonly id: string; readonly number: string },
  at: Millis,
): Promise<void> => {
  const changeId = changeIdOf(correlated)
  const row = changeId === undefined ? undefined : await work.changes.get(changeId)
  if (row === undefined || row.incidentIds.includes(incident.id)) return
  if (row.incidentIds.length >= INCIDENTS_MAX) return
  work.changes.put({ ...row, incidentIds: [...row.incidentIds, incident.id] })
  work.tell({
    id: `${row.id}+${incident.id}`,
    ticketId: row.id,
    at,
    kind: 'suspected',
    text: `${incident.number} may be caused by it`,
    actor: null,
    alertId: null,
  })
}
