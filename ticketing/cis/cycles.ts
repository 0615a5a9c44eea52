// Finds what cannot be: a thing that runs on itself, or is part of itself, by way of others.
import type { Relation, RelationType } from '../../domain/topology.ts'

/**
 * Services may well depend on each other in a circle; these relations cannot.
 */
const TREE_LIKE: readonly RelationType[] = ['runs_on', 'part_of']

/** @returns CI ids in order, the first again at the end; undefined where there is no cycle */
const cycleOf = (relations: readonly Relation[]): string[] | undefined => {
  const targets = new Map<string, string[]>()
  for (const { from, to } of relations) {
    const list = targets.get(from)
    if (list === undefined) targets.set(from, [to])
    else list.push(to)
  }
  const done = new Set<string>()
  for (const root of targets.keys()) {
    const path: string[] = []
    const onPath = new Set<string>()
    const pending: { id: string; leave: boolean }[] = [{ id: root, leave: false }]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { id, leave } = next
      if (leave) {
        onPath.delete(path.pop()!)
        done.add(id)
        continue
      }
      if (onPath.has(id)) return [...path.slice(path.indexOf(id)), id]
      if (done.has(id)) continue
      path.push(id)
      onPath.add(id)
      pending.push({ id, leave: true })
      for (const to of targets.get(id) ?? []) pending.push({ id: to, leave: false })
    }
  }
  return undefined
}

/** One sentence for each relation type that runs in a circle. */
export const cycleFaults = (relations: readonly Relation[]): string[] =>
  TREE_LIKE.flatMap((type) => {
    const cycle = cycleOf(relations.filter((relation) => relation.type === type))
    return cycle === undefined ? [] : [`${type} runs in a circle: ${cycle.join(' -> ')}`]
  })
