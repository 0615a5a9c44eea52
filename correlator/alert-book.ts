// The live alerts by fingerprint: turns events into alert states, whatever order they come in.
import type { AlertEvent } from '../domain/event.ts'
import type { Millis } from '../domain/time.ts'
import {
  claimTombstone,
  coverOf,
  type EventOrigin,
  expireAlert,
  fireAgain,
  newAlert,
  type Observation,
  resolveAlert,
  type Sighting,
  type Tombstone,
} from './alert-life.ts'
import { bindCi } from './binding.ts'
import { type LiveAlert, withRecent } from './live-alert.ts'
import type { CorrelatorSettings } from './settings.ts'
import { tokensOf } from './tokens.ts'
import type { TopologyGraph } from './topology-graph.ts'

export interface AlertBook {
  observe(event: AlertEvent, origin: EventOrigin, now: Millis): Observation
  get(scope: string, fingerprint: string): LiveAlert | undefined
  forget(alert: LiveAlert): void
  /** Alerts that are too many for `alertsMax`, longest unheard of first. */
  surplus(): Iterable<LiveAlert>
  /** Drops resolves kept since then or longer that no fire has claimed. */
  forgetTombstones(keptUntil: Millis): void
  restore(alert: LiveAlert): void
  readonly tombstones: Map<string, Tombstone>
  alerts(): IterableIterator<LiveAlert>
  readonly size: number
}

export interface BookContext {
  readonly settings: CorrelatorSettings
  graph(): TopologyGraph
  neverResolves(scope: string, source: string, at: Millis): boolean
}

const keyOf = (scope: string, fingerprint: string): string => `${scope}\n${fingerprint}`

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
  const live = new Map<string, LiveAlert>()
  const tombstones = new Map<string, Tombstone>()

  const begin = (sighting: Sighting, before: LiveAlert | undefined): Observation => {
    const alert = newAlert(sighting, before, settings)
    bindAlert(alert, settings, context.graph())
    const key = keyOf(alert.scope, alert.fingerprint)
    live.set(key, alert)
    const tombstone = tombstones.get(key)
    if (tombstone !== undefined) {
      tombstones.delete(key)
      claimTombstone(alert, tombstone)
    }
    if (!before?.firing) return { kind: 'opened', alert }
    before.resolvedAt = before.activeAt
    expireAlert(before)
    return { kind: 'opened', alert, ended: before }
  }

  /** A book that fills up keeps its alerts in the order in which they were heard of. */
  const keepInOrder = (key: string, alert: LiveAlert): void => {
    if (live.size * 2 <= settings.alertsMax) return
    live.delete(key)
    live.set(key, alert)
  }

  const keepTombstone = (key: string, { event, origin }: Sighting): Observation => {
    const { receivedAt } = origin
    const cover = coverOf(event, receivedAt, settings.settleAfterMs)
    const ends = withRecent(tombstones.get(key)?.ends ?? [], cover)
    tombstones.delete(key) // so that the oldest stays first
    tombstones.set(key, { ends, resolvedAt: event.endsAt ?? receivedAt, keptAt: receivedAt })
    return { kind: 'tombstone' }
  }

  const beginsNewLife = (alert: LiveAlert, startsAt: Millis): boolean => {
    if (!alert.firing)
      return startsAt > (alert.resolvedAt ?? alert.activeAt) + settings.reopenWindowMs
    return (
      startsAt > alert.activeAt + settings.silentLifeMs &&
      context.neverResolves(alert.scope, alert.source, startsAt)
    )
  }

  return {
    observe: (event, origin, now) => {
      const sighting = { event, origin, now }
      const key = keyOf(origin.scope, event.fingerprint)
      const alert = live.get(key)
      if (event.status === 'resolved')
        return alert === undefined
          ? keepTombstone(key, sighting)
          : resolveAlert(alert, sighting, settings)
      if (alert === undefined || beginsNewLife(alert, Math.min(event.startsAt, now)))
        return begin(sighting, alert)
      keepInOrder(key, alert)
      return fireAgain(alert, sighting, settings)
    },
    get: (scope, fingerprint) => live.get(keyOf(scope, fingerprint)),
    forget: (alert) => {
      alert.forgotten = true
      const key = keyOf(alert.scope, alert.fingerprint)
      if (live.get(key) === alert) live.delete(key)
    },
    *surplus() {
      for (const alert of live.values()) {
        if (live.size <= settings.alertsMax) return
        if (alert.settled) yield alert
      }
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
