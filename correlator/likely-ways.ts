// What a topology with holes would likely say of two CIs: what it says of others of their kinds.
import { createKindGuess } from './kind-guess.ts'
import type { LiveAlert } from './live-alert.ts'
import type { SignalWeights } from './settings.ts'
import { wayLogOdds } from './signals/way.ts'
import { ciTokens } from './tokens.ts'
import type { TopologyGraph } from './topology-graph.ts'

export interface LikelyWays {
  /**
   * How much likelier a fault is to go from one to the other than between any two CIs, going by
   * their kinds: queues are needed by many services, databases by those of one product alone.
   * @param kin they share a rare word; then they are compared with others that share one
   * @returns nats; 0 where nothing is known of their kinds
   */
  logOdds(alert: LiveAlert, other: LiveAlert, kin: boolean): number
}

/** CIs from which ways are counted; of more, every so many-th. */
const COUNTED_MAX = 256
/** So many pairs of any kinds are mixed in, so that a few pairs seen say little. */
const PRIOR_PAIRS = 3
/** In place of a kind: any. */
const ANY = 0

export const createLikelyWays = (
  graph: TopologyGraph,
  weights: SignalWeights,
  isRare: (token: string) => boolean,
): LikelyWays => {
  const guess = createKindGuess(graph)
  const size = guess.kinds.length + 1
  const numberOf = new Map(guess.kinds.map((kind, i) => [kind, i + 1]))
  const odds = meanOdds(graph, weights, isRare, numberOf)
  return {
    logOdds: (alert, other, kin) => {
      const mine = numberOf.get(guess.kindOf(alert) ?? '') ?? ANY
      const its = numberOf.get(guess.kindOf(other) ?? '') ?? ANY
      return odds[cellOf(mine, its, kin, size)]!
    },
  }
}

const cellOf = (mine: number, its: number, kin: boolean, size: number): number =>
  (mine * size + its) * 2 + (kin ? 1 : 0)

/** Log of the mean odds that known pairs of two kinds have, over that of pairs of any kinds. */
const meanOdds = (
  graph: TopologyGraph,
  weights: SignalWeights,
  isRare: (token: string) => boolean,
  numberOf: ReadonlyMap<string, number>,
): Float64Array => {
  const size = numberOf.size + 1
  const none = Math.exp(weights.noPath)
  const pairs = new Float64Array(size * size * 2)
  const gained = new Float64Array(size * size * 2)
  const add = (to: Float64Array, mine: number, its: number, kin: boolean, by: number): void => {
    for (const a of mine === ANY ? [ANY] : [mine, ANY])
      for (const b of its === ANY ? [ANY] : [its, ANY]) to[cellOf(a, b, kin, size)]! += by
  }
  const kinds = graph.cis.map(({ kind }) => numberOf.get(kind) ?? ANY)
  const perKind = new Float64Array(size)
  for (const kind of kinds) perKind[kind]! += 1
  const kinOf = createKinLists(graph, isRare)
  const step = Math.max(1, Math.ceil(graph.size / COUNTED_MAX))
  for (let node = 0; node < graph.size; node += step) {
    const mine = kinds[node]!
    for (const [its, many] of perKind.entries())
      add(pairs, mine, its, false, many - (its === mine ? 1 : 0))
    const kin = kinOf(node)
    for (const other of kin) {
      add(pairs, mine, kinds[other]!, false, -1)
      add(pairs, mine, kinds[other]!, true, 1)
    }
    for (const reach of graph.around(node)) {
      if (reach.hops === 0) continue
      const gain = Math.exp(wayLogOdds(node, reach, graph, weights)) - none
      add(gained, mine, kinds[reach.node]!, kin.has(reach.node), gain)
    }
  }
  return pairs.map((_, cell) => {
    const usual = gained[cell % 2]! / Math.max(1, pairs[cell % 2]!)
    const here = (gained[cell]! + PRIOR_PAIRS * usual) / (pairs[cell]! + PRIOR_PAIRS)
    return Math.log(Math.max(none / 2, none + here) / Math.max(none / 2, none + usual))
  })
}

/** The nodes that share a rare word with a node. */
const createKinLists = (
  graph: TopologyGraph,
  isRare: (token: string) => boolean,
): ((node: number) => ReadonlySet<number>) => {
  const words = graph.cis.map((ci) => ciTokens(ci).filter(isRare))
  const carriers = new Map<string, number[]>()
  for (const [node, list] of words.entries())
    for (const word of list) {
      const known = carriers.get(word)
      if (known === undefined) carriers.set(word, [node])
      else known.push(node)
    }
  return (node) => {
    const kin = new Set(words[node]!.flatMap((word) => carriers.get(word)!))
    kin.delete(node)
    return kin
  }
}
