// The whole state as bytes and back: one JSON line per thing, references by number.
import type { Change } from '../domain/change.ts'
import type { Mute } from '../domain/mute.ts'
import type { Millis } from '../domain/time.ts'
import type { Topology } from '../domain/topology.ts'
import type { Tombstone } from './alert-life.ts'
import type { CorrectionsJson } from './corrections.ts'
import type { EpochCountsJson } from './epoch-counts.ts'
import type { Face } from './faces.ts'
import type { HeartbeatBookJson } from './heartbeats/book.ts'
import { type Decision, type IncidentNode, rootOf } from './incident-node.ts'
import type { InsightSnapshot } from './insight.ts'
import type { LiveAlert } from './live-alert.ts'
import type { ReplayFilterJson } from './replays.ts'
import type { CorrelatorSettings } from './settings.ts'
import { type CorrelatorState, type Counters, createState, worldOf } from './state.ts'

const FORMAT = 1
const CHUNK_CHARS = 1 << 20
const NEWLINE = 10

type Ref = number
type Lists = readonly (readonly [string, readonly Ref[]])[]

interface Head {
  readonly format: number
  readonly now: Millis
  readonly position: number
  readonly counters: Counters
  readonly topology: Topology
  readonly changes: readonly Change[]
  readonly replays: ReplayFilterJson
  readonly tombstones: readonly (readonly [string, Tombstone])[]
  readonly knowledge: readonly (readonly [string, EpochCountsJson])[]
  readonly insight: InsightSnapshot
  readonly corrections: CorrectionsJson
  /** Absent in snapshots of before there were mutes. */
  readonly mutes?: readonly Mute[]
  readonly decided?: readonly string[]
  readonly heartbeats?: HeartbeatBookJson
  readonly alerts: number
  readonly nodes: number
  readonly faces: number
}

type AlertLine = Omit<LiveAlert, 'incident'> & {
  readonly incident: Ref | null
  readonly live: boolean
}
type NodeLine = Omit<IncidentNode, 'opener' | 'parent' | 'children' | 'members'> & {
  readonly opener: Ref
  readonly children: readonly Ref[]
  readonly members: readonly Ref[]
}
type FaceLine = Omit<Face, 'node'> & { readonly node: Ref | null }
type DecisionLine = Omit<Decision, 'alert' | 'root' | 'merged'> & {
  readonly alert: Ref
  readonly root: Ref
  readonly merged: readonly Ref[]
}
interface WorldLine {
  readonly scope: string
  readonly indexed: readonly Ref[]
  readonly postings: readonly (readonly [string, Lists])[]
  readonly toLearn: readonly Ref[]
  readonly unsettled: readonly DecisionLine[]
}

export const encodeState = (state: CorrelatorState): Uint8Array => {
  const { alerts, nodes } = collect(state)
  const refs = numbered(alerts)
  const nodeRefs = numbered(nodes)
  const alertRef = (alert: LiveAlert): Ref => refs.get(alert)!
  const nodeRef = (node: IncidentNode): Ref => nodeRefs.get(node)!
  const worlds = [...state.worlds.values()]
  function* lines(): Generator<unknown> {
    yield {
      format: FORMAT,
      now: state.now,
      position: state.position,
      counters: state.counters,
      topology: state.graph().topology,
      changes: state.changes.all(),
      replays: state.replays.toJSON(),
      tombstones: [...state.book.tombstones],
      knowledge: worlds.map(({ scope, knowledge }) => [scope, knowledge.counts.toJSON()]),
      corrections: state.corrections.toJSON(),
      mutes: state.mutings.mutes(),
      decided: [...state.decided],
      heartbeats: state.heartbeats.toJSON(),
      insight: {
        learning: state.memory.learning.snapshot(),
        patterns: state.memory.patterns.snapshot(),
      },
      alerts: alerts.length,
      nodes: nodes.length,
      faces: state.faces.size,
    }
    for (const alert of alerts)
      yield {
        ...alert,
        template: undefined,
        incident: alert.incident === undefined ? null : nodeRef(alert.incident),
        live: state.book.get(alert.scope, alert.fingerprint) === alert,
      }
    for (const { opener, parent: _, children, members, ...rest } of nodes)
      yield {
        ...rest,
        opener: alertRef(opener),
        children: children.map(nodeRef),
        members: members.map(alertRef),
      }
    for (const { node, ...rest } of state.faces.all())
      yield { ...rest, summary: undefined, node: node === undefined ? null : nodeRef(node) }
    for (const { scope, index, toLearn, grouping } of worlds)
      yield {
        scope,
        indexed: [...index.all()].map(alertRef),
        postings: Object.entries(index.postings).map(([name, postings]) => [
          name,
          [...postings.entries()].map(([key, list]) => [key, list.map(alertRef)]),
        ]),
        toLearn: toLearn.map(alertRef),
        unsettled: grouping.unsettled.map(({ alert, root, merged, ...rest }) => ({
          ...rest,
          alert: alertRef(alert),
          root: nodeRef(root),
          merged: merged.map(nodeRef),
        })),
      }
  }
  return encodeLines(lines())
}

const numbered = <T>(items: readonly T[]): ReadonlyMap<T, Ref> =>
  new Map(items.map((item, ref) => [item, ref]))

/** Everything that the book, an index or an incident still holds on to. */
const collect = (state: CorrelatorState): { alerts: LiveAlert[]; nodes: IncidentNode[] } => {
  const alerts = new Set<LiveAlert>()
  const nodes = new Set<IncidentNode>()
  const addTree = (node: IncidentNode): void => {
    if (nodes.has(node)) return
    nodes.add(node)
    alerts.add(node.opener)
    for (const alert of node.members) alerts.add(alert)
    for (const child of node.children) addTree(child)
  }
  const addAlert = (alert: LiveAlert): void => {
    alerts.add(alert)
    if (alert.incident !== undefined) addTree(rootOf(alert.incident))
  }
  for (const alert of state.book.alerts()) addAlert(alert)
  for (const { index } of state.worlds.values()) for (const alert of index.all()) addAlert(alert)
  for (const { node } of state.faces.all()) if (node !== undefined) addTree(rootOf(node))
  return { alerts: [...alerts], nodes: [...nodes] }
}

/** In chunks, because one string cannot hold a million alerts. */
const encodeLines = (lines: Iterable<unknown>): Uint8Array => {
  const encoder = new TextEncoder()
  const chunks: Uint8Array[] = []
  let text = ''
  const flush = (): void => {
    chunks.push(encoder.encode(text))
    text = ''
  }
  for (const line of lines) {
    text += `${JSON.stringify(line)}\n`
    if (text.length >= CHUNK_CHARS) flush()
  }
  flush()
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}

/** @throws Error or SyntaxError when the bytes are not a snapshot of this format */
export const decodeState = (bytes: Uint8Array, settings: CorrelatorSettings): CorrelatorState => {
  const next = lineReader(bytes)
  const head = next() as Head
  if (head.format !== FORMAT) throw new Error(`unknown snapshot format ${head.format}`)
  const state = createState(settings, {
    topology: head.topology,
    replays: head.replays,
    knowledge: new Map(head.knowledge),
    insight: head.insight,
    corrections: head.corrections,
    decided: head.decided ?? [],
    ...(head.heartbeats === undefined ? {} : { heartbeats: head.heartbeats }),
  })
  state.now = head.now
  state.position = head.position
  Object.assign(state.counters, head.counters)
  for (const change of head.changes) state.changes.add(change)
  for (const [key, tombstone] of head.tombstones) state.book.tombstones.set(key, tombstone)
  const { alerts, nodes } = decodeForest(head, next, state)
  for (let i = 0; i < head.faces; i++) {
    const { node, ...rest } = next() as FaceLine
    state.faces.restore({
      ...rest,
      ...optionalTimes(rest),
      muted: rest.muted ?? false,
      muting: rest.muting ?? [],
      node: node === null ? undefined : nodes[node]!,
    })
  }
  for (let i = 0; i < head.knowledge.length; i++)
    restoreWorld(next() as WorldLine, state, alerts, nodes)
  state.mutings.resume(head.mutes ?? [])
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

const decodeForest = (
  head: Head,
  next: () => unknown,
  state: CorrelatorState,
): { alerts: LiveAlert[]; nodes: IncidentNode[] } => {
  const alerts: LiveAlert[] = []
  const incidents: (Ref | null)[] = []
  for (let i = 0; i < head.alerts; i++) {
    const { incident, live, ...rest } = next() as AlertLine
    const alert: LiveAlert = {
      ...rest,
      template: undefined,
      link: rest.link,
      runbook: rest.runbook,
      ci: rest.ci,
      floor: rest.floor ?? Number.NEGATIVE_INFINITY,
      resolvedAt: rest.resolvedAt,
      expiresAt: rest.expiresAt,
      turnAt: rest.turnAt,
      toldIncident: rest.toldIncident,
      flaps: rest.flaps ?? 0,
      muting: rest.muting ?? [],
      pause: rest.pause,
      incident: undefined,
    }
    alerts.push(alert)
    incidents.push(incident)
    if (live) state.book.restore(alert)
  }
  const lines = Array.from({ length: head.nodes }, () => next() as NodeLine)
  const nodes = lines.map(
    ({ opener, children: _, members, ...rest }): IncidentNode => ({
      ...rest,
      mutedCount: rest.mutedCount ?? 0,
      publicId: rest.publicId,
      childrenTold: rest.childrenTold ?? 0,
      toldUnder: rest.toldUnder,
      opener: alerts[opener]!,
      members: members.map((ref) => alerts[ref]!),
      parent: undefined,
      children: [],
    }),
  )
  for (const [i, { children }] of lines.entries())
    for (const ref of children) {
      nodes[i]!.children.push(nodes[ref]!)
      nodes[ref]!.parent = nodes[i]!
    }
  for (const [i, ref] of incidents.entries()) if (ref !== null) alerts[i]!.incident = nodes[ref]!
  return { alerts, nodes }
}

const restoreWorld = (
  line: WorldLine,
  state: CorrelatorState,
  alerts: readonly LiveAlert[],
  nodes: readonly IncidentNode[],
): void => {
  const { index, grouping, restoreToLearn } = worldOf(state, line.scope)
  const alertsOf = (refs: readonly Ref[]): LiveAlert[] => refs.map((ref) => alerts[ref]!)
  index.restore(alertsOf(line.indexed))
  for (const [name, lists] of line.postings)
    for (const [key, refs] of lists) index.postings[name]!.restore(key, alertsOf(refs))
  restoreToLearn(alertsOf(line.toLearn))
  grouping.restore(
    line.unsettled.map(({ alert, root, merged, ...rest }) => ({
      ...rest,
      alert: alerts[alert]!,
      root: nodes[root]!,
      merged: merged.map((ref) => nodes[ref]!),
    })),
  )
}

const lineReader = (bytes: Uint8Array): (() => unknown) => {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let at = 0
  return () => {
    const end = bytes.indexOf(NEWLINE, at)
    if (end < 0) throw new Error('the snapshot ends too early')
    const line: unknown = JSON.parse(decoder.decode(bytes.subarray(at, end)))
    at = end + 1
    return line
  }
}
