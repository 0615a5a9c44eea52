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

  /** Silent alerts whose source may be blind: to be looked at when that is over. */
  const held = new Set<LiveAlert>()

  const silentAt = (alert: LiveAlert): Millis =>
    Math.min(alert.expiresAt ?? Number.POSITIVE_INFINITY, alert.lastSeen + settings.staleAfterMs)

  const forgetAt = (alert: LiveAlert): Millis =>
    Math.max(alert.lastSeen, alert.resolvedAt ?? 0) +
    settings.reopenWindowMs +
    settings.settleAfterMs

  const dueAt = (alert: LiveAlert): Millis =>
    Math.min(
      alert.firing ? silentAt(alert) : forgetAt(alert),
      alert.indexed ? unindexAt(alert) : Number.POSITIVE_INFINITY,
    )

  /** @returns until when it has to wait, where silence may not resolve it yet */
  const resolveSilent = (alert: LiveAlert): Millis | undefined => {
    const at = silentAt(alert)
    if (!alert.firing || at > state.now) return undefined
    const until = state.heartbeats.heldUntil(alert, at)
    if (until > state.now) return until
    alert.resolvedAt = Math.max(at, until)
    expireAlert(alert)
    teller.transition(alert, 'resolved')
    return undefined
  }

  const check = (alert: LiveAlert): void => {
    const { now } = state
    held.delete(alert)
    if (alert.forgotten) return
    if (alert.indexed && unindexAt(alert) <= now) worldOf(state, alert.scope).index.remove(alert)
    const heldUntil = resolveSilent(alert)
    if (heldUntil !== undefined) {
      if (heldUntil === Number.POSITIVE_INFINITY) held.add(alert)
      const at = Math.min(heldUntil, alert.indexed ? unindexAt(alert) : heldUntil)
      if (Number.isFinite(at)) due.push(at, alert.id, alert)
    } else if (!alert.firing && !alert.indexed && forgetAt(alert) <= now) book.forget(alert)
    else due.push(Math.max(now + 1, dueAt(alert)), alert.id, alert)
  }

  /** Its incident keeps the count; an event of it later is news again. */
  const forgetSurplus = (): void => {
    for (const alert of book.surplus()) {
      if (alert.indexed) worldOf(state, alert.scope).index.remove(alert)
      if (alert.firing) {
        alert.resolvedAt = state.now
        expireAlert(alert)
        teller.transition(alert, 'resolved')
      }
      held.delete(alert)
      book.forget(alert)
      state.counters.alertsForgotten += 1
    }
  }

  state.heartbeats.onReleased(() => {
    for (const alert of held) due.push(state.now, alert.id, alert)
    held.clear()
  })

  return {
    changed: (alert) => due.push(dueAt(alert), alert.id, alert),
    advance: () => {
      for (let alert = due.pop(state.now); alert; alert = due.pop(state.now)) check(alert)
      forgetSurplus()
    },
    nextAt: due.nextAt,
  }
}
