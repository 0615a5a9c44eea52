// The problem ticket: a recurring pattern that the correlator proposes and people work on.
import type { ProblemCandidate } from '../../domain/problem.ts'
import type { Millis } from '../../domain/time.ts'
import { SYSTEM_ACTOR } from '../incidents/ticket.ts'
import { PROBLEM_LIFECYCLE, type ProblemAction, type ProblemState } from '../lifecycles/problem.ts'
import type { ProblemRow } from '../store/schema.ts'
import type { Work } from '../work.ts'

export interface ProblemDeed {
  readonly action: ProblemAction | 'open'
  readonly actor: string
  readonly at: Millis
  readonly text: string
  readonly patch?: Partial<ProblemRow>
}

const announce = (work: Work, row: ProblemRow, fromState: string, deed: ProblemDeed): void => {
  work.tell({
    id: `${row.id}@${row.version}`,
    ticketId: row.id,
    at: deed.at,
    kind: deed.action,
    text: deed.text,
    actor: deed.actor,
    alertId: null,
  })
  work.announce({
    id: `${row.id}@${row.version}`,
    ticketKind: 'problem',
    ticketId: row.id,
    number: row.number,
    version: row.version,
    at: deed.at,
    actor: deed.actor,
    action: deed.action,
    fromState,
    toState: row.status,
    fields: {
      title: row.title,
      scope: row.scope,
      assignee: row.assignee,
      incidentCount: row.incidentCount,
      minutesLost: row.candidate.statistics.minutesLost,
    },
  })
}

export const problemTarget = (row: ProblemRow, action: ProblemAction): ProblemState | null =>
  PROBLEM_LIFECYCLE[row.status][action]

/** @throws Error when the lifecycle does not allow it: callers ask problemTarget first */
export const transitionProblem = (
  work: Work,
  before: ProblemRow,
  deed: ProblemDeed & { action: ProblemAction },
): ProblemRow => {
  const status = problemTarget(before, deed.action)
  if (status === null) throw new Error(`${deed.action} is not legal in state ${before.status}`)
  const row = { ...before, ...deed.patch, status, version: before.version + 1 }
  work.problems.put(row)
  announce(work, row, before.status, deed)
  return row
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
  work.problems.put(row)
  announce(work, row, '', {
    action: 'open',
    actor: SYSTEM_ACTOR,
    at,
    text: `The pattern was seen ${candidate.statistics.count} times`,
  })
}
