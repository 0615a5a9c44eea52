// Changes by CI: which recent change may lie behind an alert.
import type { Change } from '../domain/change.ts'
import { MINUTE_MS, type Millis } from '../domain/time.ts'
import type { TopologyGraph } from './topology-graph.ts'

export interface ChangeBook {
  add(change: Change): void
  /** Started within the span on this CI (id, or the name that the change gave), oldest first. */
  on(ci: string, from: Millis, to: Millis): readonly Change[]
  /** The newest change, shortly before `at`, on the CI or on what it directly needs. */
  behind(ci: string | undefined, node: number, at: Millis): Change | undefined
  all(): readonly Change[]
}

const BEHIND_MS = 30 * MINUTE_MS
/** A change may be reported to begin a little after its effects. */
export const CHANGE_AHEAD_MS = 2 * MINUTE_MS
const PER_CI_MAX = 100

export const createChangeBook = (changesMax: number, graph: () => TopologyGraph): ChangeBook => {
  const byCi = new Map<string, Change[]>()
  const order: Change[] = []
  let newest = Number.NEGATIVE_INFINITY

  const keyOf = (ci: string): string => {
    const node = graph().nodeOf(ci)
    return node < 0 ? ci : graph().idOf(node)
  }

  const on = (ci: string, from: Millis, to: Millis): readonly Change[] =>
    byCi.get(ci)?.filter(({ startedAt }) => startedAt >= from && startedAt <= to) ?? []

  return {
    add: (change) => {
      const key = keyOf(change.ci)
      const list = byCi.get(key) ?? []
      const known = list.findIndex(({ id }) => id === change.id)
      if (known >= 0) list.splice(known, 1)
      let i = list.length
      while (i > 0 && list[i - 1]!.startedAt > change.startedAt) i--
      list.splice(i, 0, change)
      if (list.length > PER_CI_MAX) list.shift()
      byCi.set(key, list)
      order.push(change)
      newest = Math.max(newest, change.startedAt)
      if (order.length <= changesMax) return
      const oldest = order.shift()!
      const kept = byCi.get(keyOf(oldest.ci))?.filter((other) => other !== oldest)
      if (kept === undefined || kept.length === 0) byCi.delete(keyOf(oldest.ci))
      else byCi.set(keyOf(oldest.ci), kept)
    },
    on,
    behind: (ci, node, at) => {
      if (newest < at - BEHIND_MS || ci === undefined) return undefined
      const from = at - BEHIND_MS
      const to = at + CHANGE_AHEAD_MS
      let found = on(ci, from, to).at(-1)
      if (node < 0) return found
      for (const { node: cause } of graph().causes(node)) {
        const change = on(graph().idOf(cause), from, to).at(-1)
        if (change !== undefined && (found === undefined || change.startedAt > found.startedAt))
          found = change
      }
      return found
    },
    all: () => order,
  }
}
