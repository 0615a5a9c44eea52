// The problem ticket as the shared ways of opening and moving tickets see it.
import {
  PROBLEM_LIFECYCLE,
  type ProblemAction,
  type ProblemSignal,
  type ProblemState,
} from '../lifecycles/problem.ts'
import type { ProblemRow } from '../store/schema.ts'
import type { TicketKind } from '../tickets/ticket.ts'

export const PROBLEM: TicketKind<ProblemRow, ProblemState, ProblemAction | ProblemSignal> = {
  kind: 'problem',
  lifecycle: PROBLEM_LIFECYCLE,
  rows: (work) => work.problems,
  fields: (row) => ({
    title: row.title,
    scope: row.scope,
    assignee: row.assignee,
    incidentCount: row.incidentCount,
    minutesLost: row.candidate.statistics.minutesLost,
    createdAt: row.createdAt,
    resolvedAt: row.resolvedAt,
    fixChangeId: row.fixChangeId,
  }),
}
