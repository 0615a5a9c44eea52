// What time alone brings: settling, resolving quiet incidents, ending storms, forgetting the old.
import { MINUTE_MS, type Millis } from '../domain/time.ts'
import { createAlertUpkeep } from './alert-upkeep.ts'
import { createDueQueue } from './due.ts'
import type { Face } from './faces.ts'
import { membersOf } from './incident-node.ts'
import type { Insight } from './insight.ts'
import type { LiveAlert } from './live-alert.ts'
import type { CorrelatorState } from './state.ts'
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

/** A flapping alert holds its incident open for this long after its newest event. */
const FLAP_HOLD_MS = 15 * MINUTE_MS

export const createUpkeep = (state: CorrelatorState, teller: Teller, insight: Insight): Upkeep => {
  const { settings, book, faces } = state
  const alerts = createAlertUpkeep(state, teller)
  const quiet = createDueQueue<Face>()
  const old = createDueQueue<Face>()
  const storming = new Set<Face>()

  const forgetAt = (face: Face, at: Millis): void => {
    face.forgetAt = at
    old.push(at, face.id, face)
  }

  const keepOld = (face: Face): void =>
    forgetAt(face, state.now + settings.joinHorizonMs + settings.reopenWindowMs)

  const checkQuiet = (face: Face, at: Millis): void => {
    face.checkAt = at
    quiet.push(at, face.id, face)
  }

  const resolveQuiet = (face: Face): void => {
    const { now } = state
    if (!hasStayedQuiet(face, now)) return
    const holdUntil = flapHold(face, state)
    if (holdUntil > now) {
      checkQuiet(face, holdUntil)
      return
    }
    face.status = 'resolved'
    face.resolvedAt = face.quietSince
    faces.note(face, now, 'resolved', 'All its alerts have resolved and stayed quiet.')
    if (!face.heldBack) teller.also(insight.closed(face))
    teller.face(face)
    keepOld(face)
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

  const forgetFace = (face: Face): void => {
    if (face.status === 'open' || faces.get(face.id) !== face) return
    if (isRemembered(face)) forgetAt(face, state.now + settings.reopenWindowMs)
    else faces.forget(face)
  }

  teller.onWatch((face) => {
    if (face.stormSince !== undefined) storming.add(face)
    if (face.status === 'merged') keepOld(face)
    else if (face.quietSince !== undefined) checkQuiet(face, face.quietSince + settings.quietGapMs)
  })

  return {
    changed: alerts.changed,
    advance: () => {
      const { now } = state
      for (const world of state.worlds.values()) world.advance(now)
      book.forgetTombstones(now - settings.reopenWindowMs)
      alerts.advance()
      state.mutings.advance()
      for (let face = quiet.pop(now); face; face = quiet.pop(now)) resolveQuiet(face)
      for (let face = old.pop(now); face; face = old.pop(now)) forgetFace(face)
      endStorms()
    },
    nextAt: () =>
      Math.min(
        alerts.nextAt(),
        state.mutings.nextAt(),
        quiet.nextAt(),
        ...[...storming].map(stormEnd),
      ),
    resume: () => {
      insight.resume()
      for (const world of state.worlds.values())
        for (const alert of world.index.all()) alerts.changed(alert)
      for (const alert of book.alerts()) if (!alert.indexed) alerts.changed(alert)
      teller.turns.resume(book.alerts(), faces.all())
      for (const face of faces.all()) {
        if (face.stormSince !== undefined) storming.add(face)
        if (face.status !== 'open') old.push(face.forgetAt ?? state.now, face.id, face)
        else if (face.checkAt !== undefined) quiet.push(face.checkAt, face.id, face)
      }
    },
  }
}

const hasStayedQuiet = ({ status, node, quietSince, checkAt }: Face, now: Millis): boolean =>
  status === 'open' &&
  node !== undefined &&
  quietSince !== undefined &&
  checkAt !== undefined &&
  checkAt <= now

/** Until when a toggling alert keeps the incident from resolving; 0 where none does. */
const flapHold = ({ node }: Face, { settings, now }: CorrelatorState): Millis => {
  let until = 0
  if (node !== undefined)
    for (const alert of membersOf(node))
      if (isFlapping(alert, settings, now)) until = Math.max(until, alert.lastSeen + FLAP_HOLD_MS)
  return until
}

const isRemembered = ({ node }: Face): boolean => {
  if (node === undefined) return false
  for (const alert of membersOf(node)) if (!alert.forgotten) return true
  return false
}
