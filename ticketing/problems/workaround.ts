// How to live with a problem until it is fixed: brought to every incident that is one of its.
import type { Millis } from '../../domain/time.ts'
import type { IncidentRow, ProblemRow } from '../store/schema.ts'
import type { Work } from '../work.ts'
import { openIncidentsOf } from './fix.ts'

/** Told once per wording; the incident itself shows the newest (`knownErrors`). */
const tellIncident = (
  work: Work,
  { id, number, workaround, version }: ProblemRow,
  incident: IncidentRow,
  at: Millis,
): void => {
  work.tell({
    id: `${id}@${version}>${incident.id}`,
    ticketId: incident.id,
    at,
    kind: 'workaround',
    text: `${number}: ${workaround ?? 'the workaround was taken back'}`,
    actor: null,
    alertId: null,
  })
  // Whoever has the incident open hears of it.
  work.incidents.put(incident)
}

/** To every incident of the problem that still needs work. */
export const pushWorkaround = async (
  work: Work,
  problem: ProblemRow,
  at: Millis,
): Promise<number> => {
  const ids = await openIncidentsOf(work, problem)
  await work.incidents.load(ids)
  for (const id of ids) {
    const incident = await work.incidents.get(id)
    if (incident !== undefined) tellIncident(work, problem, incident, at)
  }
  return ids.length
}

/** To an incident that has just become one of a problem's. */
export const bringWorkaround = async (
  work: Work,
  incident: IncidentRow,
  at: Millis,
): Promise<void> => {
  if (incident.problemId === null) return
  const problem = await work.problems.get(incident.problemId)
  if (problem === undefined || problem.workaround === null) return
  tellIncident(work, problem, incident, at)
}
