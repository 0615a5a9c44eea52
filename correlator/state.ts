// All that the correlator knows of one partition.
import type { Millis } from '../domain/time.ts'
import { EMPTY_TOPOLOGY, type Topology } from '../domain/topology.ts'
import { type AlertBook, createAlertBook } from './alert-book.ts'
import { type ChangeBook, createChangeBook } from './changes.ts'
import { type Corrections, type CorrectionsJson, createCorrections } from './corrections.ts'
import type { EpochCountsJson } from './epoch-counts.ts'
import { createFaces, type Faces } from './faces.ts'
import {
  createHeartbeatBook,
  type HeartbeatBook,
  type HeartbeatBookJson,
} from './heartbeats/book.ts'
import { createInsightMemory, type InsightMemory, type InsightSnapshot } from './insight.ts'
import { createLikelyWays, type LikelyWays } from './likely-ways.ts'
import { createMutings, type Mutings } from './mutes/muting.ts'
import { createReplayFilter, type ReplayFilter, type ReplaySeed } from './replays.ts'
import { countTokens, createScopeWorld, isRare, type ScopeWorld } from './scope-world.ts'
import type { CorrelatorSettings } from './settings.ts'
import { createTopologyGraph, type TopologyGraph } from './topology-graph.ts'

export interface CorrelatorState {
  readonly settings: CorrelatorSettings
  /** Log time: the newest that any record carried. */
  now: Millis
  /** Offset of the next record. */
  position: number
  readonly book: AlertBook
  readonly faces: Faces
  readonly worlds: Map<string, ScopeWorld>
  readonly changes: ChangeBook
  readonly heartbeats: HeartbeatBook
  readonly replays: ReplayFilter
  readonly memory: InsightMemory
  readonly corrections: Corrections
  readonly mutings: Mutings
  /** Ids of people's decisions that were carried out, oldest first. */
  readonly decided: Set<string>
  readonly counters: Counters
  graph(): TopologyGraph
  setTopology(topology: Topology): void
}

export interface Counters {
  eventsTaken: number
  eventsReplayed: number
  alertsLate: number
  alertsForgotten: number
}

export interface StateSeed {
  readonly topology: Topology
  readonly replays: ReplaySeed
  readonly knowledge: ReadonlyMap<string, EpochCountsJson>
  readonly insight: InsightSnapshot
  readonly corrections: CorrectionsJson
  readonly decided: readonly string[]
  /** Absent in snapshots of versions that knew none. */
  readonly heartbeats?: HeartbeatBookJson
}

export const createState = (settings: CorrelatorSettings, seed?: StateSeed): CorrelatorState => {
  let graph = createTopologyGraph(seed?.topology ?? EMPTY_TOPOLOGY, settings.neighboursMax)
  let tokens = countTokens(graph)
  let likelyWays: LikelyWays | undefined
  const currentGraph = (): TopologyGraph => graph
  const worlds = new Map<string, ScopeWorld>()
  const faces = createFaces()
  const corrections = createCorrections(settings.correctionsMax, seed?.corrections)
  const changes = createChangeBook(settings.changesMax, currentGraph)
  const state: CorrelatorState = {
    settings,
    now: 0,
    position: 0,
    book: createAlertBook({
      settings,
      graph: currentGraph,
      neverResolves: (scope, source, at) =>
        worldOf(state, scope).knowledge.neverResolves(source, at),
    }),
    faces,
    worlds,
    changes,
    heartbeats: createHeartbeatBook(settings, seed?.heartbeats),
    replays: createReplayFilter(settings.replayWindowMs, settings.replayIdsMax, seed?.replays),
    corrections,
    mutings: createMutings({
      settings,
      now: () => state.now,
      alerts: () => state.book.alerts(),
      topology: () => graph.topology,
      counts: (scope) => worldOf(state, scope).knowledge.counts,
    }),
    decided: new Set(seed?.decided),
    memory: createInsightMemory(() => graph.topology, settings, seed?.insight),
    counters: { eventsTaken: 0, eventsReplayed: 0, alertsLate: 0, alertsForgotten: 0 },
    graph: currentGraph,
    setTopology: (topology) => {
      graph = createTopologyGraph(topology, settings.neighboursMax)
      tokens = countTokens(graph)
      likelyWays = undefined
      state.mutings.rebound([...worlds.values()].flatMap((world) => world.rebind()))
    },
  }
  const shared = {
    settings,
    corrections,
    faces,
    changes,
    graph: currentGraph,
    tokenCount: (token: string) => tokens.get(token) ?? 0,
    likelyWays: () => {
      const rare = (token: string): boolean => isRare(tokens.get(token) ?? 0, graph.size)
      likelyWays ??= createLikelyWays(graph, settings.weights, rare)
      return likelyWays
    },
  }
  makers.set(state, (scope) => createScopeWorld(scope, shared, seed?.knowledge.get(scope)))
  return state
}

const makers = new WeakMap<CorrelatorState, (scope: string) => ScopeWorld>()

export const worldOf = (state: CorrelatorState, scope: string): ScopeWorld => {
  let world = state.worlds.get(scope)
  if (world === undefined) {
    world = makers.get(state)!(scope)
    state.worlds.set(scope, world)
  }
  return world
}
