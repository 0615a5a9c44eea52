// What time alone does to alerts: they leave the index, expire, and are forgotten.
import type { Millis } from '../domain/time.ts'
import { expireAlert } from './alert-life.ts'
import { createDueQueue } from './due.ts'
import type { LiveAlert } from './live-alert.ts'
import { type CorrelatorState, worldOf } from './state.ts'
import type { Teller } from './teller.ts'

export interface AlertUpkeep {
  /** An alert is new, or its state changed so that something may be due sooner. */
  changed(alert: LiveAlert): void
  advance(): void
  /** Infinity when nothing is due. */
  nextAt(): Millis
}

export const createAlertUpkeep = (state: CorrelatorState, teller: Teller): AlertUpkeep => {
  const { settings, book } = state
  const due = createDueQueue<LiveAlert>()

  const unindexAt = (alert: LiveAlert): Millis =>
    Math.max(alert.at, alert.activations.at(-1)!) + settings.joinHorizonMs + settings.settleAfterMs

  /** Firing alerts of blind sources: silence must not resolve them until somebody lets them go. */
  const held = new Set<LiveAlert>()

  const silentAt = (alert: LiveAlert): Millis =>
    Math.max(
      Math.min(alert.expiresAt ?? Number.POSITIVE_INFINITY, alert.lastSeen + settings.staleAfterMs),
      state.heartbeats.heldUntil(alert),
    )

  const forgetAt = (alert: LiveAlert): Millis =>
    Math.max(alert.lastSeen, alert.resolvedAt ?? 0) +
    settings.reopenWindowMs +
    settings.settleAfterMs

  const dueAt = (alert: LiveAlert): Millis =>
    Math.min(
      alert.firing ? silentAt(alert) : forgetAt(alert),
      alert.indexed ? unindexAt(alert) : Number.POSITIVE_INFINITY,
    )

  const enqueue = (alert: LiveAlert, earliest = Number.NEGATIVE_INFINITY): void => {
    const at = dueAt(alert)
    held.delete(alert)
    if (Number.isFinite(at)) due.push(Math.max(earliest, at), alert.id, alert)
    else held.add(alert)
  }

  const check = (alert: LiveAlert): void => {
    const { now } = state
    if (alert.forgotten) return
    if (alert.indexed && unindexAt(alert) <= now) worldOf(state, alert.scope).index.remove(alert)
    if (alert.firing && silentAt(alert) <= now) {
      alert.resolvedAt = silentAt(alert)
      expireAlert(alert)
      teller.transition(alert, 'resolved')
    }
    if (!alert.firing && !alert.indexed && forgetAt(alert) <= now) book.forget(alert)
    else enqueue(alert, now + 1)
  }

  state.heartbeats.onReleased(() => {
    const released = [...held]
    held.clear()
    for (const alert of released) enqueue(alert)
  })

  return {
    changed: (alert) => enqueue(alert),
    advance: () => {
      for (let alert = due.pop(state.now); alert; alert = due.pop(state.now)) check(alert)
    },
    nextAt: due.nextAt,
  }
}
