// Closed incidents per scope and day, for a pattern's share of all incidents.
import { DAY_MS, type Millis } from '../../domain/time.ts'

export type WindowCountsSnapshot = readonly (readonly [
  scope: string,
  days: readonly (readonly [day: number, count: number])[],
])[]

export interface WindowCounts {
  add(scope: string, at: Millis): void
  /** Incidents of the days that the window touches. */
  total(scope: string, now: Millis): number
  snapshot(): WindowCountsSnapshot
}

export const createWindowCounts = (
  windowMs: number,
  restored: WindowCountsSnapshot = [],
): WindowCounts => {
  const scopes = new Map(restored.map(([scope, days]) => [scope, new Map(days)]))
  const firstDay = (now: Millis): number => Math.floor((now - windowMs) / DAY_MS)
  return {
    add: (scope, at) => {
      const days = scopes.get(scope) ?? new Map<number, number>()
      scopes.set(scope, days)
      const day = Math.floor(at / DAY_MS)
      days.set(day, (days.get(day) ?? 0) + 1)
      for (const known of days.keys()) if (known < firstDay(at)) days.delete(known)
    },
    total: (scope, now) => {
      let sum = 0
      for (const [day, count] of scopes.get(scope) ?? []) if (day >= firstDay(now)) sum += count
      return sum
    },
    snapshot: () => [...scopes].map(([scope, days]) => [scope, [...days]] as const),
  }
}
