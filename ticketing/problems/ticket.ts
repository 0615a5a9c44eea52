// A recurring pattern that the correlator proposes, as the ticket that people work on.
import type { ProblemCandidate } from '../../domain/problem.ts'
import type { Millis } from '../../domain/time.ts'
import { SYSTEM_ACTOR } from '../incidents/ticket.ts'
import type { ProblemRow } from '../store/schema.ts'
import { openTicketOf } from '../tickets/ticket.ts'
import type { Work } from '../work.ts'
import { reopenIfRecurred } from './fix.ts'
import { PROBLEM } from './kind.ts'

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
    if (candidate.version <= known.candidate.version) return
    const row = { ...known, ...counted(candidate) }
    work.problems.put(row)
    await reopenIfRecurred(work, row, candidate.incidentIds, at)
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
    details: {},
    fixChangeId: null,
    createdAt: at,
    resolvedAt: null,
    version: 1,
    change: 0,
    ...counted(candidate),
  }
  const text = `The pattern was seen ${candidate.statistics.count} times`
  openTicketOf(work, PROBLEM, row, { actor: SYSTEM_ACTOR, at, text })
}
