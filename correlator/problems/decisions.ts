// What people said about incidents and problems: the newest word on each pair, oldest forgotten first.
import type { ProblemDecision } from './types.ts'

export interface Decisions {
  add(decision: ProblemDecision): void
  remove(decision: ProblemDecision): void
  /** The problem that a person put the incident into. */
  chosen(incidentId: string): string | undefined
  refused(incidentId: string, problemId: string): boolean
  snapshot(): readonly ProblemDecision[]
}

export const createDecisions = (
  max: number,
  restored: readonly ProblemDecision[] = [],
): Decisions => {
  const byIncident = new Map<string, Map<string, boolean>>()
  let size = 0

  const remove = ({ incidentId, problemId }: ProblemDecision): void => {
    const own = byIncident.get(incidentId)
    if (!own?.delete(problemId)) return
    size -= 1
    if (own.size === 0) byIncident.delete(incidentId)
  }

  const forgetOldest = (): void => {
    const [oldest] = byIncident
    if (!oldest) return
    const [incidentId, own] = oldest
    for (const [problemId, same] of [...own]) remove({ incidentId, problemId, same })
  }

  const add = (decision: ProblemDecision): void => {
    remove(decision)
    if (size >= max) forgetOldest()
    const { incidentId, problemId, same } = decision
    const own = byIncident.get(incidentId) ?? new Map<string, boolean>()
    own.set(problemId, same)
    byIncident.set(incidentId, own)
    size += 1
  }

  for (const decision of restored) add(decision)
  return {
    add,
    remove,
    chosen: (incidentId) =>
      [...(byIncident.get(incidentId) ?? [])].findLast(([, same]) => same)?.[0],
    refused: (incidentId, problemId) => byIncident.get(incidentId)?.get(problemId) === false,
    snapshot: () =>
      [...byIncident].flatMap(([incidentId, own]) =>
        [...own].map(([problemId, same]) => ({ incidentId, problemId, same })),
      ),
  }
}
