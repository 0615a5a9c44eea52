// What the report for problem managers answers.
import { type Static, Type } from 'typebox'
import { PROBLEM_STATES } from '../lifecycles/problem.ts'
import { Count, Time } from './schema-parts.ts'

const Counted = { incidents: Count, minutesLost: Type.Number() }

/** An incident beneath a figure, and where its alerts are. */
const IncidentBeneath = Type.Object({
  id: Type.String(),
  number: Type.String(),
  openedAt: Time,
  /** Up to the end of the range, where it lasted longer. */
  minutesLost: Type.Number(),
  link: Type.String(),
  alerts: Type.String(),
})

const ReportedProblem = Type.Object({
  id: Type.String(),
  number: Type.String(),
  title: Type.String(),
  status: Type.Enum([...PROBLEM_STATES]),
  owner: Type.Optional(Type.String()),
  link: Type.String(),
  /** Of incidents opened in the range. */
  ...Counted,
  /** The same over as long a range just before. */
  before: Type.Object(Counted),
  lastAt: Time,
  beneath: Type.Array(IncidentBeneath),
})
export type ReportedProblem = Static<typeof ReportedProblem>

const FixedProblem = Type.Interface([ReportedProblem], {
  silentDays: Count,
  /** Number of the change. */
  fixedBy: Type.Optional(Type.String()),
})
export type FixedProblem = Static<typeof FixedProblem>

/** At most 20 of each, the costliest first. */
export const ProblemReport = Type.Object({
  from: Time,
  to: Time,
  /** False where there was more than the report reads: 1,000 problems, 50,000 incidents. */
  complete: Type.Boolean(),
  top: Type.Array(ReportedProblem),
  new: Type.Array(ReportedProblem),
  worsening: Type.Array(ReportedProblem),
  fixedAndSilent: Type.Array(FixedProblem),
  awaitingDecision: Type.Array(ReportedProblem),
})
export type ProblemReport = Static<typeof ProblemReport>
