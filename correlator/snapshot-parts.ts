// What a snapshot is made of, as its lines tell it: references are numbers.
import type { Change } from '../domain/change.ts'
import type { Mute } from '../domain/mute.ts'
import type { Millis } from '../domain/time.ts'
import type { Topology } from '../domain/topology.ts'
import type { Tombstone } from './alert-life.ts'
import type { CorrectionsJson } from './corrections.ts'
import type { EpochCountsJson } from './epoch-counts.ts'
import type { Face } from './faces.ts'
import type { HeartbeatBookJson } from './heartbeats/book.ts'
import type { Decision, IncidentNode } from './incident-node.ts'
import type { InsightSnapshot } from './insight.ts'
import type { LiveAlert } from './live-alert.ts'
import type { ReplaySeed } from './replays.ts'
import type { Counters } from './state.ts'

/** Place in the list of alerts, or of incidents. */
export type Ref = number
export type Lists = readonly (readonly [string, readonly Ref[]])[]

/** What is small, and written at once. */
export interface Small {
  readonly now: Millis
  readonly position: number
  readonly counters: Counters
  readonly changes: readonly Change[]
  readonly tombstones: readonly (readonly [string, Tombstone])[]
  readonly insight: InsightSnapshot
  readonly corrections: CorrectionsJson
  /** Absent in snapshots of before there were mutes. */
  readonly mutes?: readonly Mute[]
  readonly decided?: readonly string[]
  readonly heartbeats?: HeartbeatBookJson
}

export type NodeLine = Omit<IncidentNode, 'opener' | 'parent' | 'children' | 'members' | 'ref'> & {
  readonly opener: Ref
  readonly children: readonly Ref[]
  readonly members: readonly Ref[]
}
export type FaceLine = Omit<Face, 'node'> & { readonly node: Ref | null }
export type DecisionLine = Omit<Decision, 'alert' | 'root' | 'merged'> & {
  readonly alert: Ref
  readonly root: Ref
  readonly merged: readonly Ref[]
}
export interface WorldParts {
  readonly scope: string
  readonly indexed: Iterable<Ref>
  readonly postings: Iterable<readonly [string, Lists]>
  readonly toLearn: readonly Ref[]
  readonly unsettled: readonly DecisionLine[]
}

export interface AlertParts {
  readonly alert: LiveAlert
  readonly incident: Ref | null
  /** The book knows it. */
  readonly live: boolean
}

/** A snapshot as it is read, part after part in this order. */
export interface SnapshotParts {
  readonly small: Small
  readonly topology: Topology
  readonly replays: ReplaySeed
  readonly knowledge: ReadonlyMap<string, EpochCountsJson>
  alerts(): Iterable<AlertParts>
  nodes(): Iterable<NodeLine>
  faces(): Iterable<FaceLine>
  worlds(): Iterable<WorldParts>
}
