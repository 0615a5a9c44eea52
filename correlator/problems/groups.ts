// Incident ids by a key, each group in the order in which they came.

export interface Groups {
  add(key: string, incidentId: string): void
  remove(key: string, incidentId: string): void
  of(key: string): readonly string[]
}

export const createGroups = (): Groups => {
  const groups = new Map<string, Set<string>>()
  return {
    add: (key, incidentId) => {
      const group = groups.get(key)
      if (group) group.add(incidentId)
      else groups.set(key, new Set([incidentId]))
    },
    remove: (key, incidentId) => {
      const group = groups.get(key)
      group?.delete(incidentId)
      if (group?.size === 0) groups.delete(key)
    },
    of: (key) => [...(groups.get(key) ?? [])],
  }
}
