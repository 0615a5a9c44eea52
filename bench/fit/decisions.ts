// What the join had to decide in labelled traffic: each alert, its candidates, and what weights say.
import { createCorrelator } from '../../correlator/correlator.ts'
import { defaultCorrelatorSettings } from '../../correlator/settings.ts'
import { SIGNALS } from '../../correlator/signals/registry.ts'
import type { Pair, Signal, SignalContext } from '../../correlator/signals/signal.ts'
import { createNormaliser } from '../../ingest/normalise.ts'
import { defaultIngestSettings } from '../../ingest/settings.ts'
import { createReplay } from '../../runtime/backtest/replay.ts'
import type { Traffic } from '../evaluation/traffic.ts'
import { LEAVES, withLeaf } from './leaves.ts'

/** How much a pair's score changes with each weight: sparse, by index into `LEAVES`. */
export interface Features {
  readonly indexes: Uint8Array
  readonly values: Float64Array
}

/** One alert and, by true incident, its pairs with what came before. */
export interface Decision {
  readonly truth: string
  readonly choices: readonly { readonly incident: string; readonly pairs: readonly Features[] }[]
}

const sumOf = (signals: readonly Signal[], pair: Pair, context: SignalContext): number => {
  let sum = 0
  for (const signal of signals) sum += signal.weigh(pair, context)
  return sum
}

/** The score is linear in the weights: a feature is what it gains when one weight grows by one. */
const createMeter = (
  signals: readonly Signal[],
): ((pair: Pair, context: SignalContext) => Features) => {
  let of: SignalContext | undefined
  let grown: readonly SignalContext[] = []
  return (pair, context) => {
    if (of !== context) {
      of = context
      grown = LEAVES.map((leaf) => {
        const weights = withLeaf(context.settings.weights, leaf, 1)
        return { ...context, settings: { ...context.settings, weights } }
      })
    }
    const base = sumOf(signals, pair, context)
    const indexes: number[] = []
    const values: number[] = []
    for (const [i, each] of grown.entries()) {
      const gain = sumOf(signals, pair, each) - base
      if (Math.abs(gain) < 1e-9) continue
      indexes.push(i)
      values.push(gain)
    }
    return { indexes: Uint8Array.from(indexes), values: Float64Array.from(values) }
  }
}

/**
 * Replays the traffic with one more signal that weighs nothing and remembers what it was asked.
 * What is learned on the way is learned from structure alone, so it does not depend on the joins.
 */
export const decisionsOf = (traffic: Traffic): Decision[] => {
  const signals = [...SIGNALS]
  const measure = createMeter(signals)
  const asked = new Map<string, Map<string, Features>>()
  const listener: Signal = {
    name: 'listener',
    weigh: (pair, context) => {
      const others = asked.get(pair.alert.id) ?? new Map<string, Features>()
      asked.set(pair.alert.id, others.set(pair.other.id, measure(pair, context)))
      return 0
    },
    explain: () => '',
  }
  const registry = SIGNALS as Signal[]
  registry.push(listener)
  try {
    const replay = createReplay({
      normalise: createNormaliser(defaultIngestSettings),
      correlate: (wants) => createCorrelator(defaultCorrelatorSettings, wants),
      topology: traffic.topology,
      changes: traffic.changes,
    })
    for (const delivery of traffic.deliveries) replay.deliver(delivery.line, delivery)
    const alertAt = new Map<string, string>()
    for (const { line, index, alertId } of replay.finish().ledger.assignments())
      alertAt.set(`${line},${index}`, alertId)
    return labelled(asked, truthOf(traffic, alertAt))
  } finally {
    registry.pop()
  }
}

const truthOf = (traffic: Traffic, alertAt: ReadonlyMap<string, string>): Map<string, string> => {
  const truth = new Map<string, string>()
  for (const { line, index, incident } of traffic.labels) {
    const alert = alertAt.get(`${line},${index}`)
    if (alert !== undefined && !truth.has(alert)) truth.set(alert, incident)
  }
  return truth
}

const labelled = (
  asked: ReadonlyMap<string, ReadonlyMap<string, Features>>,
  truth: ReadonlyMap<string, string>,
): Decision[] =>
  [...asked].flatMap(([alert, others]) => {
    const mine = truth.get(alert)
    if (mine === undefined) return []
    const choices = new Map<string, Features[]>()
    for (const [other, features] of others) {
      const incident = truth.get(other) ?? `alone ${other}`
      choices.set(incident, [...(choices.get(incident) ?? []), features])
    }
    return [
      { truth: mine, choices: [...choices].map(([incident, pairs]) => ({ incident, pairs })) },
    ]
  })
