// How two alerts stand to each other in the estate: the structure that signals and learning share.
import type { LiveAlert } from './live-alert.ts'
import type { Reach, TopologyGraph } from './topology-graph.ts'

/**
 * From one alert's side: `same` CI; the other is where it may come `from` (up the dependencies) or
 * where it may spread `to`; `beside` it under a common cause; `kin` by name where the topology is
 * silent; `none` known.
 */
export type Relation = 'same' | 'from' | 'to' | 'beside' | 'kin' | 'none'

export interface Kinship {
  /** As the newer alert sees the older. */
  readonly relation: Relation
  /** The way from the newer alert's CI to the older's; undefined where none is known. */
  readonly reach: Reach | undefined
  /** What makes them kin: the rarest word that both carry. */
  readonly kinBy: string | undefined
  /** The same condition, told twice by different tools. */
  readonly sameCondition: boolean
}

export const opposite = (relation: Relation): Relation =>
  relation === 'from' ? 'to' : relation === 'to' ? 'from' : relation

export const kinshipOf = (
  alert: LiveAlert,
  other: LiveAlert,
  graph: TopologyGraph,
  kinBy: (alert: LiveAlert, other: LiveAlert) => string | undefined,
): Kinship => {
  if (alert.ci !== undefined && alert.ci === other.ci)
    return { ...NO_WAY, relation: 'same', sameCondition: alert.type === other.type }
  const reach =
    alert.node >= 0 && other.node >= 0 ? graph.between(alert.node, other.node) : undefined
  if (reach !== undefined) return { ...NO_WAY, relation: relationOf(reach), reach }
  const word = alert.node < 0 || other.node < 0 ? kinBy(alert, other) : undefined
  return { ...NO_WAY, relation: word === undefined ? 'none' : 'kin', kinBy: word }
}

const NO_WAY = { reach: undefined, kinBy: undefined, sameCondition: false }

const relationOf = (reach: Reach): Relation =>
  reach.turns ? 'beside' : reach.falls ? 'to' : 'from'
