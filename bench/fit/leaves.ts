// Every weight of the join that a fit may move, as a path into the settings' table.
import { defaultCorrelatorSettings, type SignalWeights } from '../../correlator/settings.ts'

/** `from.depends_on`, `timeSame.3` */
export type Leaf = readonly string[]

/** Bounds, durations, and what people say: not for a fit to move. */
const KEPT = new Set([
  'supportMax',
  'timeKnotsMs',
  'paceMax',
  'witnessMs',
  'rareNatsMax',
  'liftMax',
  'mustLink',
  'cannotLink',
  'besideStorm',
  'noTopology',
])

const leavesBelow = (value: unknown, path: Leaf): Leaf[] =>
  typeof value === 'number'
    ? [path]
    : Object.entries(value as object).flatMap(([key, below]) => leavesBelow(below, [...path, key]))

export const LEAVES: readonly Leaf[] = leavesBelow(defaultCorrelatorSettings.weights, []).filter(
  ([first]) => !KEPT.has(first!),
)

/** A copy in which one weight has grown. */
const grown = <T>(value: T, [key, ...rest]: Leaf, by: number): T => {
  if (key === undefined) return ((value as number) + by) as T
  const below = grown((value as Record<string, unknown>)[key], rest, by)
  if (!Array.isArray(value)) return { ...value, [key]: below }
  return value.map((each, i) => (String(i) === key ? below : each)) as T
}

export const withLeaf = (weights: SignalWeights, leaf: Leaf, by: number): SignalWeights =>
  grown(weights, leaf, by)

export const weightAt = (weights: SignalWeights, leaf: Leaf): number =>
  leaf.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], weights) as number
