// What time alone brings: settling, expiry, resolving quiet incidents, forgetting the old.
import { MINUTE_MS, type Millis } from '../domain/time.ts'
import { createDueQueue } from './due.ts'
import type { Face } from './faces.ts'
import { membersOf } from './incident-node.ts'
import type { Insight } from './insight.ts'
import type { LiveAlert } from './live-alert.ts'
import { type CorrelatorState, worldOf } from './state.ts'
import type { Teller } from './teller.ts'
import { isFlapping } from './views.ts'

export interface Upkeep {
  /** An alert is new, or its state changed so that something may be due sooner. */
  changed(alert: LiveAlert): void
  /** Does what is due by the state's time. */
  advance(): void
  /** When `advance` has something to do next; infinity when nothing waits. */
  nextAt(): Millis
  /** Enters everything in the state anew, after a restore. */
  resume(): void
}

/** A flapping alert holds its incident open for this long after its newest resolve. */
const FLAP_HOLD_MS = 15 * MINUTE_MS

export const createUpkeep = (state: CorrelatorState, teller: Teller, insight: Insight): Upkeep => {
  const { settings, book, faces } = state
  const alerts = createDueQueue<LiveAlert>()
  const quiet = createDueQueue<Face>()
  const old = createDueQueue<Face>()
  const storming = new Set<Face>()

  const unindexAt = (alert: LiveAlert): Millis =>
    Math.max(alert.at, alert.activations.at(-1)!) + settings.joinHorizonMs + settings.settleAfterMs

  const silentAt = (alert: LiveAlert): Millis =>
    Math.min(alert.expiresAt ?? Number.POSITIVE_INFINITY, alert.lastSeen + settings.staleAfterMs)

  const forgetAt = (alert: LiveAlert): Millis =>
    Math.max(alert.lastSeen, alert.resolvedAt ?? 0) +
    settings.reopenWindowMs +
    settings.settleAfterMs

  const dueAt = (alert: LiveAlert): Millis => {
    const times = [alert.firing ? silentAt(alert) : forgetAt(alert)]
    if (alert.indexed) times.push(unindexAt(alert))
    return Math.min(...times)
  }

  const changed = (alert: LiveAlert): void => alerts.push(dueAt(alert), alert.id, alert)

  const check = (alert: LiveAlert): void => {
    const { now } = state
    if (alert.forgotten) return
    if (alert.indexed && unindexAt(alert) <= now) worldOf(state, alert.scope).index.remove(alert)
    if (alert.firing && silentAt(alert) <= now) {
      alert.resolvedAt = silentAt(alert)
      book.expire(alert)
      teller.transition(alert, 'resolved')
    }
    if (!alert.firing && !alert.indexed && forgetAt(alert) <= now) {
      book.forget(alert)
      return
    }
    alerts.push(Math.max(now + 1, dueAt(alert)), alert.id, alert)
  }

  const keepOld = (face: Face): void =>
    old.push(state.now + settings.joinHorizonMs + settings.reopenWindowMs, face.id, face)

  const checkQuiet = (face: Face, at: Millis): void => {
    face.checkAt = at
    quiet.push(at, face.id, face)
  }

  const watch = (face: Face): void => {
    if (face.stormSince !== undefined) storming.add(face)
    if (face.status === 'merged') keepOld(face)
    else if (face.quietSince !== undefined) checkQuiet(face, face.quietSince + settings.quietGapMs)
  }

  const stormEnd = (face: Face): Millis => face.stormedAt + settings.stormWindowMs

  const endStorms = (): void => {
    for (const face of storming) {
      if (stormEnd(face) > state.now) continue
      storming.delete(face)
      face.stormSince = undefined
      faces.note(face, state.now, 'storm-ended', 'The storm is over; alerts are told apart again.')
      teller.face(face)
    }
  }

  const resolveQuiet = (face: Face): void => {
    const { node, quietSince } = face
    const { now } = state
    if (face.status !== 'open' || node === undefined || quietSince === undefined) return
    if (face.checkAt === undefined || face.checkAt > now) return
    let holdUntil = 0
    for (const alert of membersOf(node))
      if (isFlapping(alert, settings, now))
        holdUntil = Math.max(holdUntil, alert.lastSeen + FLAP_HOLD_MS)
    if (holdUntil > now) {
      checkQuiet(face, holdUntil)
      return
    }
    face.status = 'resolved'
    face.resolvedAt = quietSince
    faces.note(face, now, 'resolved', 'All its alerts have resolved and stayed quiet.')
    teller.also(insight.closed(face))
    teller.face(face)
    keepOld(face)
  }

  const forgetFace = (face: Face): void => {
    if (face.status === 'open' || faces.get(face.id) !== face) return
    for (const alert of face.node === undefined ? [] : membersOf(face.node))
      if (!alert.forgotten) {
        old.push(state.now + settings.reopenWindowMs, face.id, face)
        return
      }
    faces.forget(face)
  }

  teller.onWatch(watch)
  return {
    changed,
    advance: () => {
      for (const world of state.worlds.values()) world.advance(state.now)
      book.forgetTombstones(state.now - settings.reopenWindowMs)
      const { now } = state
      for (let alert = alerts.pop(now); alert; alert = alerts.pop(now)) check(alert)
      for (let face = quiet.pop(now); face; face = quiet.pop(now)) resolveQuiet(face)
      for (let face = old.pop(now); face; face = old.pop(now)) forgetFace(face)
      endStorms()
    },
    nextAt: () => Math.min(alerts.nextAt(), quiet.nextAt(), ...[...storming].map(stormEnd)),
    resume: () => {
      insight.resume()
      for (const world of state.worlds.values())
        for (const alert of world.index.all()) changed(alert)
      for (const alert of book.alerts()) if (!alert.indexed) changed(alert)
      teller.turns.resume(book.alerts(), faces.all())
      for (const face of faces.all()) {
        if (face.stormSince !== undefined) storming.add(face)
        if (face.status === 'open' && face.checkAt !== undefined)
          quiet.push(face.checkAt, face.id, face)
        if (face.status !== 'open') old.push(state.now, face.id, face)
      }
    },
  }
}
