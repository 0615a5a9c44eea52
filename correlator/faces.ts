// Incidents as the world knows them: stable ids, versions, status and timeline over the grouping.

import type { Hint } from '../domain/evidence.ts'
import { hash64 } from '../domain/hash.ts'
import type {
  CorrelationStatus,
  Incident,
  KnownPattern,
  TimelineEntry,
  TimelineKind,
} from '../domain/incident.ts'
import type { Muting } from '../domain/mute.ts'
import type { Millis } from '../domain/time.ts'
import type { HintAlert } from './hints/types.ts'
import { type IncidentNode, membersOf, rootOf } from './incident-node.ts'
import type { LiveAlert } from './live-alert.ts'
import type { IncidentSummary } from './views.ts'

export interface Face {
  readonly id: string
  version: number
  /** Undefined once its opening was taken back or its state forgotten. */
  node: IncidentNode | undefined
  status: CorrelationStatus
  mergedInto: string | undefined
  resolvedAt: Millis | undefined
  /** Since when nothing in it has fired. */
  quietSince: Millis | undefined
  /** When to see whether it has stayed quiet. */
  checkAt: Millis | undefined
  /** Once it is over: when to see whether it can be forgotten. */
  forgetAt: Millis | undefined
  hints: readonly Hint[]
  /** Alerts of other incidents that began around the same time, nearest first. */
  elsewhere: readonly HintAlert[]
  knownPatterns: readonly KnownPattern[]
  problemId: string | undefined
  /** A person named the cause. */
  confirmed:
    | { readonly ci: string; readonly confidence: number; readonly confirmed: true }
    | undefined
  /** The CI that leads the hints, as the timeline says. */
  lead: string | undefined
  /** When its hints are to be ranked again; undefined when they are fresh. */
  thinkAt: Millis | undefined
  /** Since when a storm folds alerts into it; undefined when none does. */
  stormSince: Millis | undefined
  /** When the storm brought its newest alert. */
  stormedAt: Millis
  /** When its small news is to be told; undefined when there is none. */
  turnAt: Millis | undefined
  toldAt: Millis
  /** Of its sampled alerts; undefined when they have changed. */
  summary: IncidentSummary | undefined
  /** The policy keeps it to itself: its one alert is told without an incident. */
  heldBack: boolean
  /** A person resolved it while alerts of it still fired. */
  closedByHand: boolean
  /** Every firing alert of it is muted; once none fires: as it was then. */
  muted: boolean
  /** By what, when that was last told. */
  muting: readonly Muting[]
  /** Its end has taught what there was to learn. */
  learned: boolean
  entries: TimelineEntry[]
  entryCount: number
  /** The last view told, for an incident that is no more. */
  told: Incident | undefined
}

export interface Faces {
  get(id: string): Face | undefined
  of(alert: LiveAlert): Face | undefined
  /** A grouping decision was taken back that had opened this incident. */
  closed(node: IncidentNode): void
  /** A merge was taken back. */
  unmerged(node: IncidentNode): void
  /** A person merged it, or took something out of it or back. */
  restructured(node: IncidentNode, why: string): void
  /** Gives an incident the name that a person's decision chose for it. */
  name(node: IncidentNode, id: string, now: Millis): void
  /**
   * After the decisions of one record: names new incidents and puts what changed on timelines.
   * @returns the faces and alerts that changed
   */
  reconcile(decided: readonly LiveAlert[], now: Millis): Changed
  note(face: Face, at: Millis, kind: TimelineKind, text: string, alert?: LiveAlert): void
  forget(face: Face): void
  restore(face: Face): void
  all(): IterableIterator<Face>
  readonly size: number
}

export interface Changed {
  readonly faces: Set<Face>
  readonly alerts: Set<LiveAlert>
}

const ONE_TIES_BOTH = 'one alert ties both'
const AN_EARLIER_ALERT = 'an earlier alert changed the picture'

const incidentId = (opener: LiveAlert): string => `inc-${hash64(`${opener.scope}\n${opener.id}`)}`

const subject = (alert: LiveAlert): string =>
  alert.ci === undefined ? alert.name : `${alert.name} on ${alert.ci}`

/** What `createFaces` holds. */
interface Registry {
  readonly faces: Map<string, Face>
  /** Names whose opening decision was taken back in this record. */
  readonly orphans: Map<string, IncidentNode>
  /** Incidents whose place in the forest changed, and why. */
  readonly loosened: Map<IncidentNode, string>
}

export const createFaces = (): Faces => {
  const registry: Registry = { faces: new Map(), orphans: new Map(), loosened: new Map() }
  const { faces, orphans, loosened } = registry
  return {
    get: (id) => faces.get(id),
    of: (alert) => {
      const id = alert.incident === undefined ? undefined : rootOf(alert.incident).publicId
      return id === undefined ? undefined : faces.get(id)
    },
    closed: (node) => {
      if (node.publicId === undefined) return
      const face = faces.get(node.publicId)
      if (face?.node !== node) return
      face.node = undefined
      orphans.set(node.publicId, node)
    },
    unmerged: (node) => void loosened.set(node, AN_EARLIER_ALERT),
    restructured: (node, why) => void loosened.set(node, why),
    name: (node, id, now) => {
      node.publicId = id
      const known = faces.get(id)
      if (known !== undefined) known.node = node
      else {
        const face = newFace(id, node)
        faces.set(id, face)
        note(face, now, 'opened', 'Split off from another incident.')
      }
    },
    reconcile: (decided, now) => reconcile(decided, now, registry),
    note,
    forget: (face) => void faces.delete(face.id),
    restore: (face) => void faces.set(face.id, face),
    all: () => faces.values(),
    get size() {
      return faces.size
    },
  }
}

const note: Faces['note'] = (face, at, kind, text, alert) => {
  face.entries.push({
    id: `${face.id}:${face.entryCount}`,
    incidentId: face.id,
    at,
    kind,
    text,
    ...(alert === undefined ? {} : { alertId: alert.id }),
  })
  face.entryCount += 1
}

const reconcile = (decided: readonly LiveAlert[], now: Millis, registry: Registry): Changed => {
  const { faces, loosened } = registry
  const changed: Changed = { faces: new Set(), alerts: new Set() }
  const reasons = new Map(loosened)
  loosened.clear()
  const nodes = new Set(reasons.keys())
  const climbed = new Set<IncidentNode>()
  for (const alert of decided)
    for (let node = alert.incident; node && !climbed.has(node); node = node.parent) {
      climbed.add(node)
      nodes.add(node)
      for (let i = settledChildren(node); i < node.children.length; i++)
        nodes.add(node.children[i]!)
    }
  nameIncidents(
    [...nodes].filter(({ publicId }) => publicId === undefined),
    now,
    registry,
  )
  for (const node of nodes) {
    const face = faces.get(node.publicId!)
    if (face?.node !== node) continue
    // The same alerts in another order may have another headline.
    face.summary = undefined
    settleStatus(node, reasons.get(node) ?? ONE_TIES_BOTH, changed, now, registry)
  }
  for (const node of climbed) {
    node.childrenTold = node.children.length
    node.toldUnder = rootOf(node).publicId
  }
  retireOrphans(changed, now, registry)
  for (const alert of decided) moveAlert(alert, changed, now, registry)
  return changed
}

/** Children, the first so many, of which the world knows already where they went. */
const settledChildren = (node: IncidentNode): number =>
  node.toldUnder !== undefined && node.toldUnder === rootOf(node).publicId ? node.childrenTold : 0

/**
 * An incident that was taken back and opened again keeps its name; a new one takes over the name
 * of one that is gone, if it has its alerts: people have seen that name already.
 */
const nameIncidents = (
  nodes: readonly IncidentNode[],
  now: Millis,
  { faces, orphans }: Registry,
): void => {
  const take = (node: IncidentNode, id: string): void => {
    orphans.delete(id)
    node.publicId = id
    const known = faces.get(id)
    if (known !== undefined) {
      known.node = node
      return
    }
    const face = newFace(id, node)
    faces.set(id, face)
    note(face, now, 'opened', `${subject(node.opener)} opened the incident.`, node.opener)
  }
  const unnamed: IncidentNode[] = []
  for (const node of nodes) {
    const id = incidentId(node.opener)
    if (orphans.has(id)) take(node, id)
    else unnamed.push(node)
  }
  for (const node of unnamed) take(node, inheritedName(node, orphans) ?? freeName(node, faces))
}

const inheritedName = (
  node: IncidentNode,
  orphans: ReadonlyMap<string, IncidentNode>,
): string | undefined => {
  if (orphans.size > 0)
    for (const { toldIncident } of membersOf(node))
      if (toldIncident !== undefined && orphans.has(toldIncident)) return toldIncident
  return undefined
}

/** Its opener's; where another incident has inherited that, a further one. */
const freeName = (node: IncidentNode, faces: ReadonlyMap<string, Face>): string => {
  let id = incidentId(node.opener)
  while (faces.get(id)?.node !== undefined) id = `inc-${hash64(id)}`
  return id
}

const moveAlert = (alert: LiveAlert, changed: Changed, now: Millis, { faces }: Registry): void => {
  const face = faces.get(rootOf(alert.incident!).publicId!)!
  if (alert.toldIncident === face.id) return
  const left = alert.toldIncident === undefined ? undefined : faces.get(alert.toldIncident)
  if (left !== undefined && left.status !== 'merged') {
    note(left, now, 'left', `${subject(alert)} belongs to ${face.id} after all.`, alert)
    changed.faces.add(left)
  }
  if (alert.stormed) noteStorm(face, now)
  else if (face.node?.opener !== alert && left?.status !== 'merged') {
    const why = alert.evidence[0]?.text ?? ''
    note(face, now, 'joined', `${subject(alert)} joined. ${why}`.trim(), alert)
  }
  alert.toldIncident = face.id
  changed.faces.add(face)
  changed.alerts.add(alert)
}

const noteStorm = (face: Face, now: Millis): void => {
  face.stormedAt = now
  if (face.stormSince !== undefined) return
  face.stormSince = now
  note(face, now, 'storm-began', 'A storm of one alert type is taken together from here on.')
}

const settleStatus = (
  node: IncidentNode,
  why: string,
  changed: Changed,
  now: Millis,
  registry: Registry,
): void => {
  const face = registry.faces.get(node.publicId!)!
  const root = rootOf(node)
  if (root !== node && face.mergedInto !== root.publicId) {
    const survivor = registry.faces.get(root.publicId!)!
    if (face.status !== 'merged') {
      note(face, now, 'merged', `Merged into ${survivor.id}: ${why}.`)
      note(survivor, now, 'merged', `Took over ${face.id}: ${why}.`)
    }
    face.status = 'merged'
    face.mergedInto = survivor.id
    changed.faces.add(survivor)
  } else if (root === node && face.status === 'merged') {
    note(face, now, 'split', `Stands for itself again: ${why}.`)
    face.status = 'open'
    face.mergedInto = undefined
  } else return
  changed.faces.add(face)
  for (const alert of membersOf(node)) moveAlert(alert, changed, now, registry)
}

const retireOrphans = (changed: Changed, now: Millis, { faces, orphans }: Registry): void => {
  for (const [id, node] of orphans) {
    const face = faces.get(id)!
    const heir = rootOf(node.opener.incident!).publicId!
    note(face, now, 'merged', `Merged into ${heir}: ${AN_EARLIER_ALERT}.`)
    face.status = 'merged'
    face.mergedInto = heir
    changed.faces.add(face)
  }
  orphans.clear()
}

const newFace = (id: string, node: IncidentNode): Face => ({
  id,
  version: 0,
  node,
  status: 'open',
  mergedInto: undefined,
  resolvedAt: undefined,
  quietSince: undefined,
  checkAt: undefined,
  forgetAt: undefined,
  hints: [],
  elsewhere: [],
  knownPatterns: [],
  problemId: undefined,
  confirmed: undefined,
  lead: undefined,
  thinkAt: undefined,
  stormSince: undefined,
  stormedAt: 0,
  turnAt: undefined,
  toldAt: 0,
  summary: undefined,
  heldBack: false,
  closedByHand: false,
  muted: false,
  muting: [],
  learned: false,
  entries: [],
  entryCount: 0,
  told: undefined,
})
