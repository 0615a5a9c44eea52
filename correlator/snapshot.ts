// The whole state as bytes, in chunks: held as it is at once, written out bit by bit.
import type { EpochCountsJson } from './epoch-counts.ts'
import type { Face } from './faces.ts'
import { type IncidentNode, rootOf } from './incident-node.ts'
import type { LiveAlert } from './live-alert.ts'
import type { ScopeWorld } from './scope-world.ts'
import { ALERT_COLUMNS, createRowWriter } from './snapshot-alerts.ts'
import { encodeLines, linesOf } from './snapshot-lines.ts'
import type { DecisionLine, Lists, NodeLine, Ref, Small } from './snapshot-parts.ts'
import type { CorrelatorState } from './state.ts'

/*
 * Lines of JSON: the head, the topology, ids of events of both generations and when they were seen,
 * what each scope learned, alerts, incidents, their faces; then for each scope its indexes and
 * what is undecided. Lists take several lines; the head says how long each is.
 */
export const FORMAT = 2

export interface Head extends Small {
  readonly format: typeof FORMAT
  /** Of a row of an alert; its incident comes last. */
  readonly columns: readonly string[]
  readonly replays: { readonly turnedAt: number; readonly young: number; readonly old: number }
  readonly knowledge: readonly (Omit<EpochCountsJson, 'base'> & {
    readonly scope: string
    readonly base: number
  })[]
  readonly alerts: number
  /** Of the alerts, the first so many are in the book. */
  readonly live: number
  readonly nodes: number
  readonly faces: number
}

export interface WorldHead {
  readonly scope: string
  readonly indexed: number
  readonly postings: readonly (readonly [string, number])[]
  readonly toLearn: number
  readonly unsettled: number
}

/** Numbers and words, alerts and incidents, faces with all their hints. */
const SHORT_ITEMS = 2_048
const ITEMS = 64
const LONG_ITEMS = 8

/**
 * The state as it is now. What changes is copied before this returns; the chunks are made as they
 * are asked for, whatever the state does meanwhile.
 */
export const encodeState = (state: CorrelatorState): Generator<Uint8Array> => {
  const { alerts, nodes } = number(state)
  const small = smallOf(state)
  const topology = state.graph().topology
  const replays = state.replays.hold()
  const worlds = [...state.worlds.values()].map(holdWorld)
  const rows = holdAlerts(alerts)
  const nodeLines = nodes.map(holdNode)
  const faces = Array.from(state.faces.all(), holdFace)
  const head: Head = {
    ...small,
    format: FORMAT,
    columns: ALERT_COLUMNS,
    replays: {
      turnedAt: replays.turnedAt,
      young: replays.young.ids.length,
      old: replays.old.size,
    },
    knowledge: worlds.map(({ scope, knowledge: { base, ...rest } }) => ({
      scope,
      ...rest,
      base: base.length,
    })),
    alerts: alerts.length,
    live: state.book.size,
    nodes: nodes.length,
    faces: faces.length,
  }
  function* lines(): Generator<unknown> {
    yield topology
    yield* linesOf(replays.young.ids, SHORT_ITEMS)
    yield* linesOf(replays.young.times, SHORT_ITEMS)
    yield* linesOf(replays.old.keys(), SHORT_ITEMS)
    yield* linesOf(replays.old.values(), SHORT_ITEMS)
    for (const { knowledge } of worlds) yield* linesOf(knowledge.base, SHORT_ITEMS)
    yield* linesOf(rows(), ITEMS)
    yield* linesOf(nodeLines, ITEMS)
    yield* linesOf(faces, LONG_ITEMS)
    for (const world of worlds) yield* worldLines(world)
  }
  // What the head takes from may change: it becomes text at once.
  return withHead(`${JSON.stringify(head)}\n`, encodeLines(lines()))
}

function* withHead(head: string, rest: Generator<Uint8Array>): Generator<Uint8Array> {
  yield new TextEncoder().encode(head)
  yield* rest
}

const smallOf = (state: CorrelatorState): Small => ({
  now: state.now,
  position: state.position,
  counters: state.counters,
  changes: state.changes.all(),
  tombstones: [...state.book.tombstones],
  corrections: state.corrections.toJSON(),
  mutes: state.mutings.mutes(),
  decided: [...state.decided],
  heartbeats: state.heartbeats.toJSON(),
  insight: {
    learning: state.memory.learning.snapshot(),
    patterns: state.memory.patterns.snapshot(),
  },
})

/**
 * Everything that the book, an index or an incident still holds on to, each with its place as its
 * number: one is known where that place holds it, so that no set is needed.
 */
const number = (state: CorrelatorState): { alerts: LiveAlert[]; nodes: IncidentNode[] } => {
  const alerts: LiveAlert[] = []
  const nodes: IncidentNode[] = []
  const addAlert = (alert: LiveAlert): void => {
    if (alerts[alert.ref] === alert) return
    alert.ref = alerts.length
    alerts.push(alert)
  }
  const addTree = (node: IncidentNode): void => {
    if (nodes[node.ref] === node) return
    node.ref = nodes.length
    nodes.push(node)
    addAlert(node.opener)
    for (const alert of node.members) addAlert(alert)
    for (const child of node.children) addTree(child)
  }
  for (const alert of state.book.alerts()) addAlert(alert)
  for (const { index } of state.worlds.values()) for (const alert of index.all()) addAlert(alert)
  for (const { node } of state.faces.all()) if (node !== undefined) addTree(rootOf(node))
  // It grows on the way: an incident brings its other alerts.
  for (const { incident } of alerts) if (incident !== undefined) addTree(rootOf(incident))
  return { alerts, nodes }
}

const refOf = ({ ref }: { readonly ref: Ref }): Ref => ref

/** Copies of the alerts; what is in their fields is replaced when it changes, never changed. */
const holdAlerts = (alerts: readonly LiveAlert[]): (() => Generator<readonly unknown[]>) => {
  const held = alerts.map((alert) => ({ ...alert }))
  const incidents = alerts.map(({ incident }) => (incident === undefined ? null : incident.ref))
  return function* () {
    const rowOf = createRowWriter()
    for (let i = 0; i < held.length; i++) yield [...rowOf(held[i]!), incidents[i]!]
  }
}

const holdNode = ({
  opener,
  parent: _,
  children,
  members,
  ref: __,
  ...rest
}: IncidentNode): NodeLine => ({
  ...rest,
  opener: opener.ref,
  children: children.map(refOf),
  members: members.map(refOf),
})

const holdFace = ({ node, ...rest }: Face) => ({
  ...rest,
  entries: [...rest.entries],
  summary: undefined,
  node: node === undefined ? null : node.ref,
})

interface HeldWorld {
  readonly scope: string
  readonly knowledge: EpochCountsJson
  readonly indexed: readonly Ref[]
  readonly postings: readonly (readonly [string, Lists])[]
  readonly toLearn: readonly Ref[]
  readonly unsettled: readonly DecisionLine[]
}

const holdWorld = ({ scope, index, toLearn, grouping, knowledge }: ScopeWorld): HeldWorld => ({
  scope,
  knowledge: knowledge.counts.toJSON(),
  indexed: Array.from(index.all(), refOf),
  postings: Object.entries(index.postings).map(([name, postings]) => [
    name,
    Array.from(postings.entries(), ([key, list]) => [key, list.map(refOf)] as const),
  ]),
  toLearn: toLearn.map(refOf),
  unsettled: grouping.unsettled.map(({ alert, root, merged, ...rest }) => ({
    ...rest,
    alert: alert.ref,
    root: root.ref,
    merged: merged.map(refOf),
  })),
})

function* worldLines(world: HeldWorld): Generator<unknown> {
  const { scope, indexed, postings, toLearn, unsettled } = world
  const head: WorldHead = {
    scope,
    indexed: indexed.length,
    postings: postings.map(([name, lists]) => [name, lists.length]),
    toLearn: toLearn.length,
    unsettled: unsettled.length,
  }
  yield head
  yield* linesOf(indexed, SHORT_ITEMS)
  for (const [, lists] of postings) yield* linesOf(lists, ITEMS)
  yield* linesOf(toLearn, SHORT_ITEMS)
  yield* linesOf(unsettled, ITEMS)
}
