// The live alerts by fingerprint: turns events into alert states, whatever order they come in.
import type { AlertEvent } from '../domain/event.ts'
import { worseSeverity } from '../domain/severity.ts'
import type { Millis } from '../domain/time.ts'
import { bindCi } from './binding.ts'
import { countChange } from './incident-node.ts'
import { insertRecent, isFiring, type LiveAlert, refreshActivations, typeOf } from './live-alert.ts'
import type { CorrelatorSettings } from './settings.ts'
import { tokensOf } from './tokens.ts'
import type { TopologyGraph } from './topology-graph.ts'

/** What an event came to. */
export interface Observation {
  readonly kind: 'opened' | 'known' | 'tombstone'
  readonly alert?: LiveAlert
  /** An earlier life that the new one replaces. */
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

export interface AlertBook {
  observe(event: AlertEvent, origin: EventOrigin, now: Millis): Observation
  get(scope: string, fingerprint: string): LiveAlert | undefined
  /** Sets what is firing after its times changed by themselves. */
  expire(alert: LiveAlert): void
  forget(alert: LiveAlert): void
  /** Drops resolves kept since then or longer that no fire has claimed. */
  forgetTombstones(keptUntil: Millis): void
  restore(alert: LiveAlert): void
  readonly tombstones: Map<string, Tombstone>
  alerts(): IterableIterator<LiveAlert>
  readonly size: number
}

/** A resolve that came before its fire. */
export interface Tombstone {
  readonly ends: Millis[]
  readonly resolvedAt: Millis
  readonly keptAt: Millis
}

export interface BookContext {
  readonly settings: CorrelatorSettings
  graph(): TopologyGraph
  resolves(scope: string, source: string, at: Millis): boolean
}

const keyOf = (scope: string, fingerprint: string): string => `${scope}\n${fingerprint}`

const clampToBound = (at: Millis, now: Millis, boundMs: Millis): Millis =>
  Math.min(now, Math.max(at, now - boundMs))

/**
 * Up to when a resolve speaks. A tool that names no end has it filled with the time of receipt,
 * which only proves that what began long before is over; it then speaks for the start it names.
 */
const coverOf = (event: AlertEvent, receivedAt: Millis, boundMs: Millis): Millis => {
  const end = event.endsAt
  const named = end !== undefined && end < receivedAt ? end : receivedAt - boundMs
  return Math.max(event.startsAt, named)
}

export const bindAlert = (
  alert: LiveAlert,
  { ciLabels, blandLabels }: CorrelatorSettings,
  graph: TopologyGraph,
): void => {
  const { ci, node } = bindCi(alert.labels, `${alert.name} ${alert.summary}`, ciLabels, graph)
  alert.ci = ci
  alert.node = node
  alert.tokens = tokensOf(alert.labels, ci, blandLabels)
}

export const createAlertBook = (context: BookContext): AlertBook => {
  const { settings } = context
  const bound = settings.settleAfterMs
  const live = new Map<string, LiveAlert>()
  const tombstones = new Map<string, Tombstone>()

  const setFiring = (alert: LiveAlert): 'resolved' | 'refired' | undefined => {
    const firing = isFiring(alert)
    if (firing === alert.firing) return undefined
    alert.firing = firing
    countChange(alert, firing ? 1 : -1, 0)
    if (firing) alert.resolvedAt = undefined
    return firing ? 'refired' : 'resolved'
  }

  const beginsNewLife = (alert: LiveAlert, startsAt: Millis): boolean => {
    if (!alert.firing)
      return startsAt > (alert.resolvedAt ?? alert.activeAt) + settings.reopenWindowMs
    return (
      startsAt > alert.activeAt + settings.silentLifeMs &&
      !context.resolves(alert.scope, alert.source, startsAt)
    )
  }

  const open = (
    event: AlertEvent,
    origin: EventOrigin,
    now: Millis,
    before: LiveAlert | undefined,
  ): LiveAlert => {
    const startsAt = Math.min(event.startsAt, now)
    const at = clampToBound(startsAt, now, bound)
    const alert: LiveAlert = {
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
      tokens: [],
      at,
      startsAt,
      floor: before === undefined ? Number.NEGATIVE_INFINITY : before.activeAt + 1,
      firstSeen: origin.receivedAt,
      lastSeen: origin.receivedAt,
      activeAt: at,
      starts: [startsAt],
      ends: [],
      activations: [at],
      resolvedAt: undefined,
      expiresAt: event.endsAt,
      expired: false,
      occurrences: 0,
      sampled: true,
      stormed: false,
      firing: true,
      settled: false,
      indexed: false,
      turnAt: undefined,
      forgotten: false,
      version: 0,
      incident: undefined,
      evidence: [],
      toldIncident: undefined,
      toldAt: 0,
    }
    bindAlert(alert, settings, context.graph())
    return alert
  }

  const begin = (
    event: AlertEvent,
    origin: EventOrigin,
    now: Millis,
    before: LiveAlert | undefined,
  ): Observation => {
    const alert = open(event, origin, now, before)
    const key = keyOf(origin.scope, event.fingerprint)
    live.set(key, alert)
    const tombstone = tombstones.get(key)
    if (tombstone !== undefined) {
      tombstones.delete(key)
      for (const end of tombstone.ends) insertRecent(alert.ends, end)
      alert.firing = isFiring(alert)
      if (!alert.firing) alert.resolvedAt = tombstone.resolvedAt
    }
    if (before?.firing) {
      before.expired = true
      before.resolvedAt = before.activeAt
      setFiring(before)
    }
    return { kind: 'opened', alert, ...(before === undefined ? {} : { ended: before }) }
  }

  const fire = (
    alert: LiveAlert,
    event: AlertEvent,
    origin: EventOrigin,
    now: Millis,
  ): Observation => {
    const startsAt = Math.min(event.startsAt, now)
    const severity = worseSeverity(alert.severity, event.severity)
    const worsened = severity !== alert.severity
    alert.severity = severity
    alert.occurrences += 1
    alert.lastSeen = Math.max(alert.lastSeen, origin.receivedAt)
    countChange(alert, 0, 1)
    alert.activeAt = Math.max(alert.activeAt, clampToBound(startsAt, now, bound))
    const expires = event.endsAt !== undefined && alert.expiresAt === undefined
    if (event.endsAt !== undefined) alert.expiresAt = Math.max(alert.expiresAt ?? 0, event.endsAt)
    alert.expired = false
    let earlier: Millis | undefined
    if (startsAt < alert.startsAt && startsAt >= alert.floor) {
      alert.startsAt = startsAt
      const place = clampToBound(startsAt, now, bound)
      if (!alert.settled && place < alert.at) earlier = place
    }
    const changed = insertRecent(alert.starts, startsAt) ? refreshActivations(alert) : undefined
    const transition = setFiring(alert)
    return {
      kind: 'known',
      alert,
      worsened,
      expires,
      ...(transition === undefined ? {} : { transition }),
      ...(earlier === undefined ? {} : { earlier }),
      ...(changed === undefined ? {} : { changedFrom: changed }),
    }
  }

  const resolve = (alert: LiveAlert, event: AlertEvent, receivedAt: Millis): Observation => {
    const cover = coverOf(event, receivedAt, bound)
    if (!insertRecent(alert.ends, cover)) return { kind: 'known', alert }
    let changed = refreshActivations(alert)
    if (alert.ends.length >= settings.flapResolves) changed = Math.min(changed ?? cover, cover)
    const transition = setFiring(alert)
    if (!alert.firing)
      alert.resolvedAt = Math.max(
        alert.resolvedAt ?? 0,
        Math.min(event.endsAt ?? receivedAt, receivedAt),
      )
    return {
      kind: 'known',
      alert,
      ...(transition === undefined ? {} : { transition }),
      ...(changed === undefined ? {} : { changedFrom: changed }),
    }
  }

  const keepTombstone = (key: string, event: AlertEvent, receivedAt: Millis): Observation => {
    const ends = tombstones.get(key)?.ends ?? []
    tombstones.delete(key) // so that the oldest stays first
    insertRecent(ends, coverOf(event, receivedAt, bound))
    tombstones.set(key, { ends, resolvedAt: event.endsAt ?? receivedAt, keptAt: receivedAt })
    return { kind: 'tombstone' }
  }

  return {
    observe: (event, origin, now) => {
      const key = keyOf(origin.scope, event.fingerprint)
      const alert = live.get(key)
      if (event.status === 'resolved')
        return alert === undefined
          ? keepTombstone(key, event, origin.receivedAt)
          : resolve(alert, event, origin.receivedAt)
      if (alert === undefined || beginsNewLife(alert, Math.min(event.startsAt, now)))
        return begin(event, origin, now, alert)
      return fire(alert, event, origin, now)
    },
    get: (scope, fingerprint) => live.get(keyOf(scope, fingerprint)),
    expire: (alert) => {
      alert.expired = true
      setFiring(alert)
    },
    forget: (alert) => {
      alert.forgotten = true
      const key = keyOf(alert.scope, alert.fingerprint)
      if (live.get(key) === alert) live.delete(key)
    },
    forgetTombstones: (keptUntil) => {
      for (const [key, { keptAt }] of tombstones) {
        if (keptAt > keptUntil) break
        tombstones.delete(key)
      }
    },
    restore: (alert) => void live.set(keyOf(alert.scope, alert.fingerprint), alert),
    tombstones,
    alerts: () => live.values(),
    get size() {
      return live.size
    },
  }
}
