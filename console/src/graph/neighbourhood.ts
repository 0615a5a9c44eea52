// Which part of the topology an incident touches: its CIs, and those that tie them together.
import type { RelationView } from '../api/types.ts'

export interface Neighbourhood {
  readonly ids: readonly string[]
  readonly relations: readonly RelationView[]
}

/** More would not be read, only looked at. */
const NODES_MAX = 28

const relationKey = ({ from, to, type }: RelationView): string => `${from}\n${type}\n${to}`

const unique = (relations: readonly RelationView[]): RelationView[] => [
  ...new Map(relations.map((relation) => [relationKey(relation), relation])).values(),
]

/**
 * @param centre CIs that are drawn in any case, most important first
 * @param relations all that touch them, doubles allowed
 */
export const neighbourhoodOf = (
  centre: readonly string[],
  relations: readonly RelationView[],
): Neighbourhood => {
  const inside = new Set(centre.slice(0, NODES_MAX))
  const ties = new Map<string, Set<string>>()
  for (const { from, to } of relations)
    for (const [near, other] of [
      [from, to],
      [to, from],
    ] as const)
      if (inside.has(near) && !inside.has(other))
        ties.set(other, (ties.get(other) ?? new Set()).add(near))
  // A lone CI is shown with all its neighbours; among several, those that tie two of them count.
  const tiesMin = inside.size === 1 ? 1 : 2
  const bridges = [...ties]
    .filter(([, near]) => near.size >= tiesMin)
    .toSorted((a, b) => b[1].size - a[1].size || (a[0] < b[0] ? -1 : 1))
    .map(([id]) => id)
  const ids = [...inside, ...bridges].slice(0, NODES_MAX)
  const shown = new Set(ids)
  return {
    ids,
    relations: unique(relations).filter(({ from, to }) => shown.has(from) && shown.has(to)),
  }
}
