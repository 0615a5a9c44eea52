// Incident ids by a key, each group in the order in which they came.

export interface Groups {
  /** @returns true where the group is new */
  add(key: string, incidentId: string): boolean
  /** @returns true where the group is gone */
  remove(key: string, incidentId: string): boolean
  of(key: string): readonly string[]
}

export const createGroups = (): Groups => {
  const groups = new Map<string, Set<string>>()
  return {
    add: (key, incidentId) => {
      const group = groups.get(key)
      if (group) group.add(incidentId)
      else groups.set(key, new Set([incidentId]))
      return group === undefined
    },
    remove: (key, incidentId) => {
      const group = groups.get(key)
      group?.delete(incidentId)
      return group?.size === 0 && groups.delete(key)
    },
    of: (key) => [...(groups.get(key) ?? [])],
  }
}
