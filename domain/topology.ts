// Managed components and the typed, directed edges between them.
import type { Labels } from './event.ts'

export const RELATION_TYPES = ['depends_on', 'runs_on', 'connects_to', 'part_of'] as const
export type RelationType = (typeof RELATION_TYPES)[number]

export interface Ci {
  readonly id: string
  /** service, database, host, switch, pod, cluster …; free text, lower case. */
  readonly kind: string
  readonly name: string
  readonly attributes: Labels
}

/** `from` depends on / runs on / connects to / is part of `to`. */
export interface Relation {
  readonly from: string
  readonly to: string
  readonly type: RelationType
}

export interface Topology {
  readonly cis: readonly Ci[]
  readonly relations: readonly Relation[]
}

export const EMPTY_TOPOLOGY: Topology = { cis: [], relations: [] }
