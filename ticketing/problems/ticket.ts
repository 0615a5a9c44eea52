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
    await linkIncidents(work, candidate, known.candidate)
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
  await linkIncidents(work, candidate)
}

/**
 * The correlator tells a problem's incidents with the problem: it no longer knows those of last
 * week, but their tickets are to show it. What has left the problem shows it no more; where the
 * list is cut at its limit, what it lacks may only be too old for it.
 */
const linkIncidents = async (
  work: Work,
  { id, incidentIds, statistics }: ProblemCandidate,
  before?: ProblemCandidate,
): Promise<void> => {
  const members = new Set(incidentIds)
  const whole = statistics.count === members.size
  const gone = whole ? (before?.incidentIds ?? []).filter((each) => !members.has(each)) : []
  await work.incidents.load([...members, ...gone])
  for (const each of [...members, ...gone]) {
    const incident = await work.incidents.get(each)
    if (incident === undefined) continue
    const problemId = members.has(each) ? id : null
    if (problemId === null ? incident.problemId === id : incident.problemId !== id)
      work.incidents.put({ ...incident, problemId })
  }
}
