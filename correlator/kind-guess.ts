// Guesses the kind of a CI that the topology does not know: by labels, else by the likes of its name.
import type { LiveAlert } from './live-alert.ts'
import { type TopologyGraph, UNKNOWN_KIND } from './topology-graph.ts'

export interface KindGuess {
  /** Of the topology, commonest first, at most KINDS_MAX; the rest are as good as unknown. */
  readonly kinds: readonly string[]
  /** As the topology knows it, or as guessed. */
  kindOf(alert: LiveAlert): string | undefined
}

/** Part of a name tells the kind if at least so many CIs carry it, and this share is of one kind. */
const LIKES_MIN = 2
const LIKES_SHARE = 0.8

/** Tables over pairs of kinds stay small, whatever is imported. */
const KINDS_MAX = 64

const masked = (text: string): string => text.toLowerCase().replace(/\d+/g, '#')

/** What may tell the kind, most telling first: `fra#-r#-n#`, `…-db`, `fra#…`. */
const marksOf = (name: string): string[] => {
  const shape = masked(name)
  const parts = shape.split(/[-_.:/]+/)
  return [
    ...(shape.includes('#') ? [shape] : []),
    ...(parts.length > 1 ? [`…${parts.at(-1)!}`, `${parts[0]!}…`] : []),
  ]
}

export const createKindGuess = (graph: TopologyGraph): KindGuess => {
  const kinds = new Set(commonest(graph))
  const byMark = new Map<string, Map<string, number>>()
  for (const { name, kind } of graph.cis) {
    if (!kinds.has(kind)) continue
    for (const mark of marksOf(name)) {
      const counts = byMark.get(mark) ?? new Map<string, number>()
      byMark.set(mark, counts.set(kind, (counts.get(kind) ?? 0) + 1))
    }
  }
  const guessed = new WeakMap<LiveAlert, { ci: string | undefined; kind: string | undefined }>()
  const guess = ({ labels, ci }: LiveAlert): string | undefined =>
    labelled(labels, kinds) ?? (ci === undefined ? undefined : likened(ci, byMark))
  return {
    kinds: [...kinds],
    kindOf: (alert) => {
      const node = alert.node < 0 ? UNKNOWN_KIND : graph.kindOf(alert.node)
      if (node !== UNKNOWN_KIND) return node
      let known = guessed.get(alert)
      if (known === undefined || known.ci !== alert.ci) {
        known = { ci: alert.ci, kind: guess(alert) }
        guessed.set(alert, known)
      }
      return known.kind
    },
  }
}

const commonest = ({ cis }: TopologyGraph): string[] => {
  const counts = new Map<string, number>()
  for (const { kind } of cis)
    if (kind !== UNKNOWN_KIND) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  return sorted.slice(0, KINDS_MAX).map(([kind]) => kind)
}

/** `component="host"`, `source="/monitors/queue"` */
const labelled = (labels: LiveAlert['labels'], kinds: ReadonlySet<string>): string | undefined => {
  for (const label in labels) {
    const value = labels[label]!.toLowerCase()
    const word = value.slice(value.lastIndexOf('/') + 1)
    if (kinds.has(word)) return word
  }
  return undefined
}

const likened = (
  name: string,
  byMark: ReadonlyMap<string, ReadonlyMap<string, number>>,
): string | undefined => {
  for (const mark of marksOf(name)) {
    const counts = byMark.get(mark)
    if (counts === undefined) continue
    let all = 0
    for (const count of counts.values()) all += count
    if (all < LIKES_MIN) continue
    for (const [kind, count] of counts) if (count >= all * LIKES_SHARE) return kind
  }
  return undefined
}
