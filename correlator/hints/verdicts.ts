// People's verdicts on hints: the newest on each incident and CI, the oldest forgotten at the limit.
import type { Verdict } from './types.ts'

/** Verdicts about one CI that ranking reads. */
export const VERDICTS_PER_CI_MAX = 50

export interface Verdicts {
  add(verdict: Verdict): void
  remove(incidentId: string, ci: string): void
  about(ci: string): readonly Verdict[]
  /** Oldest first. */
  snapshot(): readonly Verdict[]
}

const NONE: readonly Verdict[] = []

export const createVerdicts = (max: number, restored: readonly Verdict[] = []): Verdicts => {
  const all = new Map<string, Verdict>()
  const byCi = new Map<string, Map<string, Verdict>>()

  const remove = (incidentId: string, ci: string): void => {
    all.delete(keyOf(incidentId, ci))
    const own = byCi.get(ci)
    own?.delete(incidentId)
    if (own?.size === 0) byCi.delete(ci)
  }

  const add = (verdict: Verdict): void => {
    const { incidentId, ci } = verdict
    remove(incidentId, ci)
    const [oldest] = all.values()
    if (all.size >= max && oldest) remove(oldest.incidentId, oldest.ci)
    all.set(keyOf(incidentId, ci), verdict)
    const own = byCi.get(ci) ?? new Map<string, Verdict>()
    own.set(incidentId, verdict)
    byCi.set(ci, own)
  }

  for (const verdict of restored) add(verdict)
  return {
    add,
    remove,
    about: (ci) => {
      const own = byCi.get(ci)
      return own ? [...own.values()].slice(-VERDICTS_PER_CI_MAX) : NONE
    },
    snapshot: () => [...all.values()],
  }
}

const keyOf = (incidentId: string, ci: string): string => `${incidentId} ${ci}`
