// Managed components and the typed, directed edges between them.
import type { Labels } from './event.ts'

export const RELATION_TYPES = ['depends_on', 'runs_on', 'connects_to', 'part_of'] as const
export type RelationType = (typeof RELATION_TYPES)[number]

export interface Ci {
  readonly id: string
  /** service, database, host, switch, pod, cluster …; free text, lower case. */
  readonly kind: string
  readonly name: string
  readonly attributes: Labels
}

/** `from` depends on / runs on / connects to / is part of `to`. */
export interface Relation {
  readonly from: string
  readonly to: string
  readonly type: RelationType
}

export interface Topology {
  readonly cis: readonly Ci[]
  readonly relations: readonly Relation[]
}

export const EMPTY_TOPOLOGY: Topology = { cis: [], relations: [] }

/** CIs of one subtree at most; what lies beyond is not in it. */
const SUBTREE_MAX = 10_000

/**
 * The CI itself and all that depends on it, runs on it or is a part of it, however far.
 * @returns given roots (ids or names), the ids in lower case; a root that is not known stands for itself
 */
export const createSubtrees = ({
  cis,
  relations,
}: Topology): ((roots: readonly string[]) => ReadonlySet<string>) => {
  const idOf = new Map(cis.map(({ id, name }) => [name.toLowerCase(), id.toLowerCase()]))
  for (const { id } of cis) idOf.set(id.toLowerCase(), id.toLowerCase())
  const resolve = (ci: string): string => idOf.get(ci.toLowerCase()) ?? ci.toLowerCase()
  const above = new Map<string, string[]>()
  for (const { from, to, type } of relations) {
    if (type === 'connects_to') continue
    const list = above.get(resolve(to))
    if (list === undefined) above.set(resolve(to), [resolve(from)])
    else list.push(resolve(from))
  }
  return (roots) => {
    const found = new Set(roots.map(resolve))
    for (const ci of found)
      for (const next of above.get(ci) ?? []) if (found.size < SUBTREE_MAX) found.add(next)
    return found
  }
}
