// A snapshot back into state, whichever format it was written in.
import type { Millis } from '../domain/time.ts'
import type { Topology } from '../domain/topology.ts'
import type { EpochCountsJson } from './epoch-counts.ts'
import type { IncidentNode } from './incident-node.ts'
import type { LiveAlert } from './live-alert.ts'
import type { CorrelatorSettings } from './settings.ts'
import { FORMAT, type Head, type WorldHead } from './snapshot.ts'
import { type AlertRow, createRowReader } from './snapshot-alerts.ts'
import { type FormatOneHead, readFormatOne } from './snapshot-format-one.ts'
import { type LineReader, readLinesOf } from './snapshot-lines.ts'
import type {
  AlertParts,
  DecisionLine,
  FaceLine,
  NodeLine,
  Ref,
  SnapshotParts,
  WorldParts,
} from './snapshot-parts.ts'
import { type CorrelatorState, createState, worldOf } from './state.ts'

/** @throws Error or SyntaxError when the bytes are not a snapshot that this version reads */
export const decodeState = (bytes: Uint8Array, settings: CorrelatorSettings): CorrelatorState => {
  const lines = readLinesOf(bytes)
  const head = lines.next() as Head | FormatOneHead
  if (head.format === FORMAT) return stateOf(readParts(head, lines), settings)
  if (head.format === 1) return stateOf(readFormatOne(head, lines), settings)
  throw new Error(`unknown snapshot format ${(head as { format: unknown }).format}`)
}

const readParts = (head: Head, lines: LineReader): SnapshotParts => {
  const topology = lines.next() as Topology
  const times = (count: number): Millis[] => [...lines.list<Millis>(count)]
  const generation = (count: number): readonly (readonly [string, Millis])[] => {
    const ids = [...lines.list<string>(count)]
    const seen = times(count)
    return ids.map((id, i) => [id, seen[i]!] as const)
  }
  const { turnedAt, young, old } = head.replays
  const replays = { turnedAt, young: generation(young), old: generation(old) }
  const knowledge = new Map(
    head.knowledge.map(({ scope, base, ...rest }): [string, EpochCountsJson] => [
      scope,
      { ...rest, base: [...lines.list<readonly [string, number]>(base)] },
    ]),
  )
  return {
    small: head,
    topology,
    replays,
    knowledge,
    *alerts(): Generator<AlertParts> {
      const read = createRowReader(head.columns)
      let ref = 0
      for (const row of lines.list<AlertRow>(head.alerts)) {
        yield { alert: read(row), incident: row.at(-1) as Ref | null, live: ref < head.live }
        ref += 1
      }
    },
    nodes: () => lines.list<NodeLine>(head.nodes),
    faces: () => lines.list<FaceLine>(head.faces),
    *worlds() {
      for (const _ of head.knowledge) yield readWorld(lines)
    },
  }
}

const readWorld = (lines: LineReader): WorldParts => {
  const { scope, indexed, postings, toLearn, unsettled } = lines.next() as WorldHead
  return {
    scope,
    indexed: [...lines.list<Ref>(indexed)],
    postings: postings.map(([name, count]) => [
      name,
      [...lines.list<readonly [string, readonly Ref[]]>(count)],
    ]),
    toLearn: [...lines.list<Ref>(toLearn)],
    unsettled: [...lines.list<DecisionLine>(unsettled)],
  }
}

const stateOf = (parts: SnapshotParts, settings: CorrelatorSettings): CorrelatorState => {
  const { small, topology, replays, knowledge } = parts
  const state = createState(settings, {
    topology,
    replays,
    knowledge,
    insight: small.insight,
    corrections: small.corrections,
    decided: small.decided ?? [],
    ...(small.heartbeats === undefined ? {} : { heartbeats: small.heartbeats }),
  })
  state.now = small.now
  state.position = small.position
  Object.assign(state.counters, small.counters)
  for (const change of small.changes) state.changes.add(change)
  for (const [key, tombstone] of small.tombstones) state.book.tombstones.set(key, tombstone)
  const { alerts, nodes } = restoreForest(parts, state)
  for (const { node, ...rest } of parts.faces())
    state.faces.restore({
      ...rest,
      ...optionalTimes(rest),
      muted: rest.muted ?? false,
      muting: rest.muting ?? [],
      node: node === null ? undefined : nodes[node]!,
    })
  for (const world of parts.worlds()) restoreWorld(world, state, alerts, nodes)
  state.mutings.resume(small.mutes ?? [])
  return state
}

/** JSON leaves out what is undefined; the state always has the field. */
const optionalTimes = (face: Omit<FaceLine, 'node'>) => ({
  mergedInto: face.mergedInto,
  resolvedAt: face.resolvedAt,
  quietSince: face.quietSince,
  checkAt: face.checkAt,
  forgetAt: face.forgetAt,
  problemId: face.problemId,
  confirmed: face.confirmed,
  lead: face.lead,
  stormSince: face.stormSince,
  turnAt: face.turnAt,
  summary: undefined,
  thinkAt: face.thinkAt,
  told: face.told,
  elsewhere: face.elsewhere ?? [],
})

const nodeOf = (line: NodeLine, alerts: readonly LiveAlert[]): IncidentNode => ({
  opener: alerts[line.opener]!,
  openedAt: line.openedAt,
  parent: undefined,
  children: [],
  members: line.members.map((ref) => alerts[ref]!),
  alertCount: line.alertCount,
  firingCount: line.firingCount,
  mutedCount: line.mutedCount ?? 0,
  occurrenceCount: line.occurrenceCount,
  stormedCount: line.stormedCount,
  lastEventAt: line.lastEventAt,
  publicId: line.publicId,
  childrenTold: line.childrenTold ?? 0,
  toldUnder: line.toldUnder,
  ref: 0,
})

const restoreForest = (
  parts: SnapshotParts,
  state: CorrelatorState,
): { alerts: LiveAlert[]; nodes: IncidentNode[] } => {
  const alerts: LiveAlert[] = []
  const incidents: (Ref | null)[] = []
  for (const { alert, incident, live } of parts.alerts()) {
    alerts.push(alert)
    incidents.push(incident)
    if (live) state.book.restore(alert)
  }
  const childrenOf: (readonly Ref[])[] = []
  const nodes: IncidentNode[] = []
  for (const line of parts.nodes()) {
    childrenOf.push(line.children)
    nodes.push(nodeOf(line, alerts))
  }
  for (const [i, children] of childrenOf.entries())
    for (const ref of children) {
      nodes[i]!.children.push(nodes[ref]!)
      nodes[ref]!.parent = nodes[i]!
    }
  for (const [i, ref] of incidents.entries()) if (ref !== null) alerts[i]!.incident = nodes[ref]!
  return { alerts, nodes }
}

const restoreWorld = (
  world: WorldParts,
  state: CorrelatorState,
  alerts: readonly LiveAlert[],
  nodes: readonly IncidentNode[],
): void => {
  const { index, grouping, restoreToLearn } = worldOf(state, world.scope)
  const alertsOf = (refs: Iterable<Ref>): LiveAlert[] => Array.from(refs, (ref) => alerts[ref]!)
  index.restore(alertsOf(world.indexed))
  for (const [name, lists] of world.postings)
    for (const [key, refs] of lists) index.postings[name]!.restore(key, alertsOf(refs))
  restoreToLearn(alertsOf(world.toLearn))
  grouping.restore(
    world.unsettled.map(({ alert, root, merged, ...rest }) => ({
      ...rest,
      alert: alerts[alert]!,
      root: nodes[root]!,
      merged: merged.map((ref) => nodes[ref]!),
    })),
  )
}
