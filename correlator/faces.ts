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
import type { Millis } from '../domain/time.ts'
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
  hints: readonly Hint[]
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

const incidentId = (opener: LiveAlert): string => `inc-${hash64(`${opener.scope}\n${opener.id}`)}`

const subject = (alert: LiveAlert): string =>
  alert.ci === undefined ? alert.name : `${alert.name} on ${alert.ci}`

export const createFaces = (): Faces => {
  const faces = new Map<string, Face>()
  let orphans = new Map<string, IncidentNode>()
  let loosened = new Set<IncidentNode>()

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

  const create = (id: string, node: IncidentNode): Face => {
    const face: Face = {
      id,
      version: 0,
      node,
      status: 'open',
      mergedInto: undefined,
      resolvedAt: undefined,
      quietSince: undefined,
      checkAt: undefined,
      hints: [],
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
      learned: false,
      entries: [],
      entryCount: 0,
      told: undefined,
    }
    faces.set(id, face)
    return face
  }

  /** A new incident takes over the name of one that was just taken back, if it has its alerts. */
  const nameIncident = (node: IncidentNode, now: Millis): void => {
    let id = incidentId(node.opener)
    if (!orphans.has(id))
      for (const member of membersOf(node))
        if (member.toldIncident !== undefined && orphans.has(member.toldIncident)) {
          id = member.toldIncident
          break
        }
    orphans.delete(id)
    node.publicId = id
    const known = faces.get(id)
    if (known !== undefined) {
      known.node = node
      return
    }
    const face = create(id, node)
    note(face, now, 'opened', `${subject(node.opener)} opened the incident.`, node.opener)
  }

  const moveAlert = (alert: LiveAlert, changed: Changed, now: Millis): void => {
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

  const settleStatus = (node: IncidentNode, changed: Changed, now: Millis): void => {
    const face = faces.get(node.publicId!)!
    const root = rootOf(node)
    if (root !== node && face.mergedInto !== root.publicId) {
      const survivor = faces.get(root.publicId!)!
      if (face.status !== 'merged') {
        note(face, now, 'merged', `Merged into ${survivor.id}: one alert ties both.`)
        note(survivor, now, 'merged', `Took over ${face.id}: one alert ties both.`)
      }
      face.status = 'merged'
      face.mergedInto = survivor.id
      changed.faces.add(face).add(survivor)
      for (const alert of membersOf(node)) moveAlert(alert, changed, now)
    } else if (root === node && face.status === 'merged') {
      note(face, now, 'split', 'Stands for itself again: an earlier alert changed the picture.')
      face.status = 'open'
      face.mergedInto = undefined
      changed.faces.add(face)
      for (const alert of membersOf(node)) moveAlert(alert, changed, now)
    }
  }

  const retireOrphans = (changed: Changed, now: Millis): void => {
    for (const [id, node] of orphans) {
      const face = faces.get(id)!
      const heir = rootOf(node.opener.incident!).publicId!
      note(face, now, 'merged', `Merged into ${heir}: an earlier alert changed the picture.`)
      face.status = 'merged'
      face.mergedInto = heir
      changed.faces.add(face)
    }
    orphans = new Map()
  }

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
    unmerged: (node) => void loosened.add(node),
    reconcile: (decided, now) => {
      const changed: Changed = { faces: new Set(), alerts: new Set() }
      const nodes = loosened
      loosened = new Set()
      for (const alert of decided)
        for (let node = alert.incident; node !== undefined; node = node.parent) {
          nodes.add(node)
          for (const child of node.children) nodes.add(child)
        }
      for (const node of nodes) if (node.publicId === undefined) nameIncident(node, now)
      for (const node of nodes)
        if (faces.get(node.publicId!)?.node === node) settleStatus(node, changed, now)
      retireOrphans(changed, now)
      for (const alert of decided) moveAlert(alert, changed, now)
      return changed
    },
    note,
    forget: (face) => void faces.delete(face.id),
    restore: (face) => void faces.set(face.id, face),
    all: () => faces.values(),
    get size() {
      return faces.size
    },
  }
}
