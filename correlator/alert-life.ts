// What one event does to one alert: rules over sets of starts and ends, so that order is moot.
import type { AlertEvent } from '../domain/event.ts'
import { worseSeverity } from '../domain/severity.ts'
import type { Millis } from '../domain/time.ts'
import { countChange } from './incident-node.ts'
import { isFiring, type LiveAlert, refreshActivations, typeOf, withRecent } from './live-alert.ts'
import type { CorrelatorSettings } from './settings.ts'

/** What an event came to. */
export interface Observation {
  readonly kind: 'opened' | 'known' | 'tombstone'
  readonly alert?: LiveAlert
  /** An earlier life that was still firing and that the new one ends. */
  readonly ended?: LiveAlert
  readonly transition?: 'resolved' | 'refired'
  readonly worsened?: boolean
  /** It now expires, which it did not before. */
  readonly expires?: boolean
  /** It began earlier than thought while that can still change its place. */
  readonly earlier?: Millis
  /** Decisions after this time may come out otherwise now. */
  readonly changedFrom?: Millis
}

export interface EventOrigin {
  readonly scope: string
  readonly source: string
  readonly receivedAt: Millis
}

/** A resolve that came before its fire. */
export interface Tombstone {
  readonly ends: readonly Millis[]
  readonly resolvedAt: Millis
  readonly keptAt: Millis
}

/** An event as it came. */
export interface Sighting {
  readonly event: AlertEvent
  readonly origin: EventOrigin
  readonly now: Millis
}

type Transition = 'resolved' | 'refired'

const clampToBound = (at: Millis, now: Millis, boundMs: Millis): Millis =>
  Math.min(now, Math.max(at, now - boundMs))

/**
 * Up to when a resolve speaks. A tool that names no end has it filled with the time of receipt,
 * which only proves that what began long before is over; it then speaks for the start it names.
 */
export const coverOf = (event: AlertEvent, receivedAt: Millis, boundMs: Millis): Millis => {
  const end = event.endsAt
  const named = end !== undefined && end < receivedAt ? end : receivedAt - boundMs
  return Math.max(event.startsAt, named)
}

/** Most alerts have none of something: they share it. */
const NONE: readonly never[] = []

export const newAlert = (
  { event, origin, now }: Sighting,
  before: LiveAlert | undefined,
  settings: CorrelatorSettings,
): LiveAlert => {
  const startsAt = Math.min(event.startsAt, now)
  const at = clampToBound(startsAt, now, settings.settleAfterMs)
  const starts = [startsAt]
  return {
    id: `${event.fingerprint}-${Math.floor(startsAt / 1_000).toString(36)}`,
    fingerprint: event.fingerprint,
    scope: origin.scope,
    source: origin.source,
    name: event.name,
    type: typeOf(event.name),
    severity: event.severity,
    summary: event.summary,
    template: undefined,
    labels: event.labels,
    link: event.link,
    runbook: event.runbook,
    ci: undefined,
    node: -1,
    tokens: NONE,
    at,
    startsAt,
    floor: before === undefined ? Number.NEGATIVE_INFINITY : before.activeAt + 1,
    firstSeen: origin.receivedAt,
    lastSeen: origin.receivedAt,
    activeAt: at,
    starts,
    ends: NONE,
    activations: at === startsAt ? starts : [at],
    resolvedAt: undefined,
    expiresAt: event.endsAt,
    expired: false,
    occurrences: 0,
    flaps: 0,
    muting: NONE,
    pause: undefined,
    sampled: true,
    explained: false,
    stormed: false,
    firing: true,
    settled: false,
    indexed: false,
    turnAt: undefined,
    forgotten: false,
    version: 0,
    incident: undefined,
    evidence: NONE,
    toldIncident: undefined,
    toldAt: 0,
    ref: 0,
  }
}

const setFiring = (alert: LiveAlert): Transition | undefined => {
  const firing = isFiring(alert)
  if (firing === alert.firing) return undefined
  alert.firing = firing
  countChange(alert, firing ? 1 : -1, 0)
  if (firing) {
    alert.resolvedAt = undefined
    alert.flaps += 1
  }
  return firing ? 'refired' : 'resolved'
}

/** It has been silent too long, or another life of it has begun. */
export const expireAlert = (alert: LiveAlert): void => {
  alert.expired = true
  setFiring(alert)
}

/** Its resolve came before it did. */
export const claimTombstone = (alert: LiveAlert, { ends, resolvedAt }: Tombstone): void => {
  for (const end of ends) alert.ends = withRecent(alert.ends, end)
  alert.firing = isFiring(alert)
  if (!alert.firing) alert.resolvedAt = resolvedAt
}

/** A further firing event of a known alert. */
export const fireAgain = (
  alert: LiveAlert,
  { event, origin, now }: Sighting,
  { settleAfterMs }: CorrelatorSettings,
): Observation => {
  const startsAt = Math.min(event.startsAt, now)
  const place = clampToBound(startsAt, now, settleAfterMs)
  const severity = worseSeverity(alert.severity, event.severity)
  const worsened = severity !== alert.severity
  alert.severity = severity
  alert.occurrences += 1
  alert.lastSeen = Math.max(alert.lastSeen, origin.receivedAt)
  countChange(alert, 0, 1)
  alert.activeAt = Math.max(alert.activeAt, place)
  const expires = event.endsAt !== undefined && alert.expiresAt === undefined
  if (event.endsAt !== undefined) alert.expiresAt = Math.max(alert.expiresAt ?? 0, event.endsAt)
  alert.expired = false
  const beganEarlier = startsAt < alert.startsAt && startsAt >= alert.floor
  if (beganEarlier) alert.startsAt = startsAt
  const { starts } = alert
  alert.starts = withRecent(starts, startsAt)
  const changed = alert.starts === starts ? undefined : refreshActivations(alert)
  const transition = setFiring(alert)
  return {
    kind: 'known',
    alert,
    worsened,
    expires,
    ...(transition === undefined ? {} : { transition }),
    ...(beganEarlier && !alert.settled && place < alert.at ? { earlier: place } : {}),
    ...(changed === undefined ? {} : { changedFrom: changed }),
  }
}

export const resolveAlert = (
  alert: LiveAlert,
  { event, origin: { receivedAt } }: Sighting,
  { settleAfterMs, flapResolves }: CorrelatorSettings,
): Observation => {
  const cover = coverOf(event, receivedAt, settleAfterMs)
  const ends = withRecent(alert.ends, cover)
  if (ends === alert.ends) return { kind: 'known', alert }
  alert.ends = ends
  let changed = refreshActivations(alert)
  if (alert.ends.length >= flapResolves) changed = Math.min(changed ?? cover, cover)
  const transition = setFiring(alert)
  const end = Math.min(event.endsAt ?? receivedAt, receivedAt)
  if (!alert.firing) alert.resolvedAt = Math.max(alert.resolvedAt ?? 0, end)
  return {
    kind: 'known',
    alert,
    ...(transition === undefined ? {} : { transition }),
    ...(changed === undefined ? {} : { changedFrom: changed }),
  }
}
