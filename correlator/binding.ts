// CI binding: which managed component an event is about, by ordered label rules, with holes expected.
import type { Labels } from '../domain/event.ts'
import type { TopologyGraph } from './topology-graph.ts'

export interface Binding {
  /** CI id; or, where the topology has a hole, the name that a label gave. */
  readonly ci: string | undefined
  /** -1 where the topology does not know it. */
  readonly node: number
}

const UNBOUND: Binding = { ci: undefined, node: -1 }
const SEGMENTS_MAX = 3
const WORDS_MAX = 24

/**
 * The spellings under which one label value may name a CI, likeliest first: as it is, without port,
 * without domain, and without the generated tail of a pod name.
 */
export const spellings = (value: string): string[] => {
  const plain = value.trim().toLowerCase()
  const found = [plain]
  const add = (name: string): void => {
    if (name.length > 1 && !found.includes(name)) found.push(name)
  }
  const bare = plain.replace(/^[a-z][a-z0-9+.-]*:\/\//, '').replace(/[/?#].*$/, '')
  const host = bare.replace(/:\d+$/, '')
  add(host)
  if (!/^\d+(\.\d+){3}$/.test(host)) add(host.replace(/\..*$/, ''))
  let rest = host
  for (let i = 0; i < SEGMENTS_MAX; i++) {
    const shorter = rest.replace(/[-_.][a-z0-9]+$/, '')
    if (shorter === rest) break
    add(shorter)
    rest = shorter
  }
  return found
}

/** A pod's owner by the shape of its name: deployment-hash-hash, or set-ordinal. */
export const ownerOfPod = (pod: string): string =>
  pod
    .toLowerCase()
    .replace(/-[a-f0-9]{6,10}-[a-z0-9]{5}$/, '')
    .replace(/-\d+$/, '')

/** A label's value as a name for a CI that the topology does not know. */
const plainName = (label: string, value: string): string => {
  if (label === 'pod') return ownerOfPod(value)
  const all = spellings(value)
  return all[1] !== undefined && /:\d+$/.test(all[0]!) ? all[1] : all[0]!
}

/**
 * Binds by the first label in `ciLabels` whose value the topology knows; else by the first such
 * label at all; else by a CI name among the words of the alert's name and summary.
 */
export const bindCi = (
  labels: Labels,
  text: string,
  ciLabels: readonly string[],
  graph: TopologyGraph,
): Binding => {
  let named: string | undefined
  for (const label of ciLabels) {
    const value = labels[label]
    if (value === undefined || value.trim() === '') continue
    if (graph.size > 0) {
      const node = lookUp(graph, label, value)
      if (node >= 0) return { ci: graph.idOf(node), node }
    }
    named ??= plainName(label, value)
  }
  if (named !== undefined) return { ci: named, node: -1 }
  return graph.size > 0 ? bindByWords(text, graph) : UNBOUND
}

const lookUp = (graph: TopologyGraph, label: string, value: string): number => {
  const all = spellings(value)
  // Cutting segments off a name is a guess that only a pod's name allows.
  const tries = label === 'pod' || label === 'container' ? all : all.slice(0, 3)
  for (const name of tries) {
    const node = graph.nodeOf(name)
    if (node >= 0) return node
  }
  return -1
}

const bindByWords = (text: string, graph: TopologyGraph): Binding => {
  const words = text.toLowerCase().match(/[a-z0-9][a-z0-9_.-]*[a-z0-9]/g) ?? []
  for (const word of words.slice(0, WORDS_MAX)) {
    const node = graph.nodeOf(word)
    if (node >= 0) return { ci: graph.idOf(node), node }
  }
  return UNBOUND
}
