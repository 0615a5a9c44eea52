// The forest of incidents: joins and merges that can be taken back in reverse order.
import type { Muting } from '../domain/mute.ts'
import type { Millis } from '../domain/time.ts'
import type { LiveAlert } from './live-alert.ts'

/** One incident as grouping sees it; merged ones hang below the survivor. */
export interface IncidentNode {
  readonly opener: LiveAlert
  readonly openedAt: Millis
  parent: IncidentNode | undefined
  /** Merged into this one, in order. */
  readonly children: IncidentNode[]
  /** Alerts that joined this node itself, in order; a sample once there are too many. */
  readonly members: LiveAlert[]
  /** Exact, children included. */
  alertCount: number
  firingCount: number
  /** Of the firing ones, those that nobody is to be told of. */
  mutedCount: number
  occurrenceCount: number
  /** Of these, those that a storm brought; children included. */
  stormedCount: number
  /** Log time of the newest event of its alerts. */
  lastEventAt: Millis
  /** What the world calls it; given after the decisions of a record are made. */
  publicId: string | undefined
  /** Of its children, the first so many were told as merged into ... */
  childrenTold: number
  /** ... this incident. */
  toldUnder: string | undefined
  /** Its number in the snapshot last made. */
  ref: number
}

/** What one alert's decision did, so that it can be undone; the newest must go first. */
export interface Decision {
  readonly alert: LiveAlert
  readonly root: IncidentNode
  readonly opened: boolean
  readonly sampled: boolean
  readonly merged: readonly IncidentNode[]
}

export const rootOf = (node: IncidentNode): IncidentNode => {
  let at = node
  while (at.parent !== undefined) at = at.parent
  return at
}

/** What a node counts of its alerts. */
interface Tally {
  readonly alerts?: number
  readonly firing?: number
  readonly muted?: number
  readonly occurrences?: number
  readonly stormed?: number
}

/** @param sign -1 takes away */
const addUp = (node: IncidentNode, tally: Tally, sign: 1 | -1 = 1): void => {
  const { alerts = 0, firing = 0, muted = 0, occurrences = 0, stormed = 0 } = tally
  let at: IncidentNode | undefined = node
  while (at !== undefined) {
    at.alertCount += sign * alerts
    at.firingCount += sign * firing
    at.mutedCount += sign * muted
    at.occurrenceCount += sign * occurrences
    at.stormedCount += sign * stormed
    at = at.parent
  }
}

const isMuted = ({ firing, muting }: LiveAlert): boolean => firing && muting.length > 0

const tallyOf = (alert: LiveAlert): Tally => ({
  alerts: 1,
  firing: alert.firing ? 1 : 0,
  muted: isMuted(alert) ? 1 : 0,
  occurrences: alert.occurrences,
  stormed: alert.stormed ? 1 : 0,
})

const tallyOfNode = (node: IncidentNode): Tally => ({
  alerts: node.alertCount,
  firing: node.firingCount,
  muted: node.mutedCount,
  occurrences: node.occurrenceCount,
  stormed: node.stormedCount,
})

export const openNode = (opener: LiveAlert, openedAt: Millis): IncidentNode => ({
  opener,
  openedAt,
  parent: undefined,
  children: [],
  members: [],
  alertCount: 0,
  firingCount: 0,
  mutedCount: 0,
  occurrenceCount: 0,
  stormedCount: 0,
  lastEventAt: opener.lastSeen,
  publicId: undefined,
  childrenTold: 0,
  toldUnder: undefined,
  ref: 0,
})

/** @param sampleMax members kept one by one @returns whether the alert is among them */
export const addMember = (root: IncidentNode, alert: LiveAlert, sampleMax: number): boolean => {
  alert.incident = root
  root.lastEventAt = Math.max(root.lastEventAt, alert.lastSeen)
  addUp(root, tallyOf(alert))
  alert.sampled = root.alertCount <= sampleMax
  if (alert.sampled) root.members.push(alert)
  return alert.sampled
}

export const removeLastMember = (root: IncidentNode, alert: LiveAlert, sampled: boolean): void => {
  if (sampled && root.members.pop() !== alert)
    throw new Error('decisions must be undone newest first')
  addUp(root, tallyOf(alert), -1)
  alert.incident = undefined
}

/** Takes an alert out of a settled incident, wherever it stands in it. */
export const removeMember = (alert: LiveAlert): void => {
  const node = alert.incident
  if (node === undefined) return
  const place = alert.sampled ? node.members.indexOf(alert) : -1
  if (place >= 0) node.members.splice(place, 1)
  addUp(node, tallyOf(alert), -1)
  alert.incident = undefined
}

export const mergeInto = (survivor: IncidentNode, merged: IncidentNode): void => {
  merged.parent = survivor
  survivor.children.push(merged)
  survivor.lastEventAt = Math.max(survivor.lastEventAt, merged.lastEventAt)
  addUp(survivor, tallyOfNode(merged))
}

/** Takes a merge back that need not be the newest. */
export const detach = (merged: IncidentNode): void => {
  const { parent } = merged
  if (parent === undefined) return
  const { children } = parent
  children.push(...children.splice(children.indexOf(merged), 1))
  parent.childrenTold = 0
  unmerge(merged)
}

export const unmerge = (merged: IncidentNode): void => {
  const survivor = merged.parent
  if (survivor === undefined || survivor.children.pop() !== merged)
    throw new Error('decisions must be undone newest first')
  survivor.childrenTold = Math.min(survivor.childrenTold, survivor.children.length)
  addUp(survivor, tallyOfNode(merged), -1)
  merged.parent = undefined
}

/** An alert's firing state or occurrences changed. */
export const countChange = (alert: LiveAlert, firing: number, occurrences: number): void => {
  if (alert.incident === undefined) return
  addUp(alert.incident, { firing, muted: alert.muting.length > 0 ? firing : 0, occurrences })
  const root = rootOf(alert.incident)
  root.lastEventAt = Math.max(root.lastEventAt, alert.lastSeen)
}

/** What mutes an alert has changed. */
export const setMuting = (alert: LiveAlert, muting: readonly Muting[]): void => {
  const before = isMuted(alert)
  alert.muting = muting
  const after = isMuted(alert)
  if (before !== after && alert.incident !== undefined)
    addUp(alert.incident, { muted: after ? 1 : -1 })
}

/** Sampled alerts of the incident and of all that was merged into it. */
export function* membersOf(node: IncidentNode): Generator<LiveAlert> {
  yield* node.members
  for (const child of node.children) yield* membersOf(child)
}
