// The problem ticket: a recurring pattern that the correlator proposes and people work on.
import type { ProblemCandidate } from '../../domain/problem.ts'
import type { Millis } from '../../domain/time.ts'
import { SYSTEM_ACTOR } from '../incidents/ticket.ts'
import { PROBLEM_LIFECYCLE, type ProblemAction, type ProblemState } from '../lifecycles/problem.ts'
import type { ProblemRow } from '../store/schema.ts'
import { openTicketOf, type TicketKind } from '../tickets/ticket.ts'
import type { Work } from '../work.ts'

export const PROBLEM: TicketKind<ProblemRow, ProblemState, ProblemAction> = {
  kind: 'problem',
  lifecycle: PROBLEM_LIFECYCLE,
  rows: (work) => work.problems,
  fields: (row) => ({
    title: row.title,
    scope: row.scope,
    assignee: row.assignee,
    incidentCount: row.incidentCount,
    minutesLost: row.candidate.statistics.minutesLost,
  }),
}

const counted = (candidate: ProblemCandidate) => ({
  title: candidate.title,
  incidentCount: candidate.statistics.count,
  firstAt: candidate.statistics.firstAt,
  lastAt: candidate.statistics.lastAt,
  candidate,
})

/** The pattern's statistics move on in whatever state people have brought the problem to. */
export const applyCandidate = async (
  work: Work,
  candidate: ProblemCandidate,
  at: Millis,
): Promise<void> => {
  const known = await work.problems.get(candidate.id)
  if (known !== undefined) {
    if (candidate.version > known.candidate.version)
      work.problems.put({ ...known, ...counted(candidate) })
    return
  }
  const row: ProblemRow = {
    id: candidate.id,
    number: `PRB-${work.next('problem')}`,
    scope: candidate.scope,
    status: 'candidate',
    assignee: null,
    cause: null,
    workaround: null,
    version: 1,
    change: 0,
    ...counted(candidate),
  }
  const text = `The pattern was seen ${candidate.statistics.count} times`
  openTicketOf(work, PROBLEM, row, { actor: SYSTEM_ACTOR, at, text })
}
