// An alert while it lives in the correlator, and the order-free rules that keep its state.
import type { Labels } from '../domain/event.ts'
import type { Evidence } from '../domain/evidence.ts'
import type { Muting } from '../domain/mute.ts'
import type { Severity } from '../domain/severity.ts'
import type { Millis } from '../domain/time.ts'
import type { IncidentNode } from './incident-node.ts'
import type { Pause } from './mutes/auto-pause.ts'

/** What one alert's times and state come from: sets, so that arrival order does not matter. */
export interface LiveAlert {
  readonly id: string
  readonly fingerprint: string
  readonly scope: string
  readonly source: string
  readonly name: string
  /** The name as tools agree on it: `Node Not Ready` and `NodeNotReady` are one type. */
  readonly type: string
  severity: Severity
  readonly summary: string
  /** The summary with what varies masked; undefined until a signal asks. */
  template: string | undefined
  readonly labels: Labels
  readonly link: string | undefined
  readonly runbook: string | undefined
  /** The CI as bound, or the name a label gave where the topology does not know it. */
  ci: string | undefined
  /** Index in the topology graph; -1 where the topology does not know the CI. */
  node: number
  /** Rare label values and name parts by which strangers to the topology are found. */
  tokens: readonly string[]

  /** Place in the order of events: when it began, clamped to the lateness bound. */
  at: Millis
  startsAt: Millis
  /** No start before this belongs to this life. */
  readonly floor: Millis
  firstSeen: Millis
  lastSeen: Millis
  /** Event time of the newest firing event. */
  activeAt: Millis
  /** Newest distinct starts, ascending, at most RECENT_MAX. */
  starts: readonly Millis[]
  /** Newest distinct ends, ascending, at most RECENT_MAX. */
  ends: readonly Millis[]
  /** Starts that followed an end: when it fired anew. The first is the life's own. */
  activations: readonly Millis[]
  resolvedAt: Millis | undefined
  expiresAt: Millis | undefined
  expired: boolean
  occurrences: number
  /** How often it fired anew after a resolve. */
  flaps: number
  /** Why nobody is to be told of it now; once resolved: as it was then. */
  muting: readonly Muting[]
  /** Such alerts usually resolve by themselves: held back for a moment. */
  pause: Pause | undefined

  /** Told one by one; false where its incident has too many and only counts it. */
  sampled: boolean
  /** What it needs alerted before it did: its cause is in its incident. */
  explained: boolean
  /** It joined as one of a storm of its type. */
  stormed: boolean
  firing: boolean
  settled: boolean
  /** Still a candidate for new alerts. */
  indexed: boolean
  /** When its small news is to be told; undefined when there is none. */
  turnAt: Millis | undefined
  forgotten: boolean
  version: number
  incident: IncidentNode | undefined
  evidence: readonly Evidence[]
  /** Id of the incident that the world was last told. */
  toldIncident: string | undefined
  toldAt: Millis
  /** Its number in the snapshot last made. */
  ref: number
}

export const RECENT_MAX = 8

/** A name without what tools write differently: case, spaces, punctuation. */
export const typeOf = (name: string): string =>
  name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '') || name

/**
 * An ascending set of the newest `max` values with one more; the same array where nothing changes.
 * Never in place: a snapshot that is being written may still hold the array.
 */
export const withRecent = (
  values: readonly Millis[],
  value: Millis,
  max = RECENT_MAX,
): readonly Millis[] => {
  let i = values.length
  while (i > 0 && values[i - 1]! > value) i--
  if (i > 0 && values[i - 1] === value) return values
  if (i === 0 && values.length >= max) return values
  const drop = values.length >= max ? 1 : 0
  return [...values.slice(drop, i), value, ...values.slice(i)]
}

/** Canonical order: by time, then fingerprint, then id; the same whatever the arrival order was. */
export const compareAlerts = (a: LiveAlert, b: LiveAlert): number => {
  if (a.at !== b.at) return a.at - b.at
  if (a.fingerprint !== b.fingerprint) return a.fingerprint < b.fingerprint ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/**
 * Recomputes when the alert fired anew from its starts and ends.
 * @returns the earliest time at which that differs from before; undefined when it does not
 */
export const refreshActivations = (alert: LiveAlert): Millis | undefined => {
  const next = [alert.at]
  for (const end of alert.ends) {
    const refire = alert.starts.find((start) => start > end)
    if (refire !== undefined && refire > next.at(-1)!) next.push(refire)
  }
  const before = alert.activations
  alert.activations = next
  for (let i = 0; i < Math.max(before.length, next.length); i++) {
    const a = before[i]
    const b = next[i]
    if (a !== b) return Math.min(a ?? Number.POSITIVE_INFINITY, b ?? Number.POSITIVE_INFINITY)
  }
  return undefined
}

/** Newest time at or before `at` when the alert fired anew. */
export const activeBefore = (alert: LiveAlert, at: Millis): Millis => {
  const { activations } = alert
  for (let i = activations.length - 1; i > 0; i--) if (activations[i]! <= at) return activations[i]!
  return alert.at
}

/** It had resolved by then and has not fired since. */
export const wasOverBy = ({ starts, ends }: LiveAlert, at: Millis): boolean => {
  const end = ends.at(-1)
  return end !== undefined && end <= at && starts.at(-1)! <= end
}

/** Firing = its newest start is after its newest end, and it has not been silent too long. */
export const isFiring = (alert: LiveAlert): boolean => {
  if (alert.expired) return false
  const end = alert.ends.at(-1)
  return end === undefined || alert.starts.at(-1)! > end
}

/** Resolves at or before `at`, within the window before it. */
export const flapCountBefore = (alert: LiveAlert, at: Millis, windowMs: Millis): number => {
  let count = 0
  for (const end of alert.ends) if (end <= at && end > at - windowMs) count++
  return count
}
