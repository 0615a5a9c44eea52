// What a person names, by id or by the number that people say (`INC-7`, `PRB-3`).
import { eq } from 'drizzle-orm'
import { type IncidentRow, incidents, type ProblemRow, problems } from '../store/schema.ts'
import type { Work } from '../work.ts'

export const incidentNamed = async (
  work: Work,
  named: string,
): Promise<IncidentRow | undefined> => {
  const known = await work.incidents.get(named)
  if (known !== undefined) return known
  await work.incidents.flush()
  const [found] = await work.sql
    .select({ id: incidents.id })
    .from(incidents)
    .where(eq(incidents.number, named))
    .limit(1)
  return found && work.incidents.get(found.id)
}

export const problemNamed = async (work: Work, named: string): Promise<ProblemRow | undefined> => {
  const known = await work.problems.get(named)
  if (known !== undefined) return known
  await work.problems.flush()
  const [found] = await work.sql
    .select({ id: problems.id })
    .from(problems)
    .where(eq(problems.number, named))
    .limit(1)
  return found && work.problems.get(found.id)
}
