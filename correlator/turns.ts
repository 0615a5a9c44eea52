// Small news waits its turn: what need not be told at once is told together, by log time.
import type { Millis } from '../domain/time.ts'
import { createDueQueue } from './due.ts'
import type { Face } from './faces.ts'
import type { LiveAlert } from './live-alert.ts'
import type { CorrelatorState } from './state.ts'

export interface Turns {
  alert(alert: LiveAlert): void
  /** @param after not before this */
  face(face: Face, after?: Millis): void
  /** Hands over whose turn has come. */
  take(alerts: Set<LiveAlert>, faces: Set<Face>): void
  /** Infinity when nothing waits. */
  nextAt(): Millis
  /** After a restore: what was waiting. */
  resume(alerts: Iterable<LiveAlert>, faces: Iterable<Face>): void
}

export const createTurns = (state: CorrelatorState): Turns => {
  const { emitEveryMs, refreshEveryMs } = state.settings
  const alerts = createDueQueue<LiveAlert>()
  const faces = createDueQueue<Face>()
  const roundUp = (at: Millis): Millis => Math.ceil(at / emitEveryMs) * emitEveryMs
  const waits = ({ turnAt }: LiveAlert | Face): boolean =>
    turnAt !== undefined && turnAt <= state.now
  const queueFace = (face: Face, after = 0): void => {
    const turnAt = roundUp(Math.max(state.now + 1, after))
    if (face.turnAt !== undefined && face.turnAt <= turnAt) return
    face.turnAt = turnAt
    faces.push(turnAt, face.id, face)
  }
  return {
    alert: (alert) => {
      if (alert.turnAt !== undefined || !alert.sampled) return
      alert.turnAt = roundUp(Math.max(state.now + 1, alert.toldAt + refreshEveryMs))
      alerts.push(alert.turnAt, alert.id, alert)
    },
    face: queueFace,
    take: (dueAlerts, dueFaces) => {
      for (let alert = alerts.pop(state.now); alert; alert = alerts.pop(state.now)) {
        if (!waits(alert) || alert.forgotten) continue
        dueAlerts.add(alert)
        const face = state.faces.of(alert)
        if (face === undefined) continue
        const turnAt = face.toldAt + refreshEveryMs
        if (turnAt <= state.now) dueFaces.add(face)
        else queueFace(face, turnAt)
      }
      for (let face = faces.pop(state.now); face; face = faces.pop(state.now))
        if (waits(face)) dueFaces.add(face)
    },
    nextAt: () => Math.min(alerts.nextAt(), faces.nextAt()),
    resume: (waitingAlerts, waitingFaces) => {
      for (const alert of waitingAlerts)
        if (alert.turnAt !== undefined) alerts.push(alert.turnAt, alert.id, alert)
      for (const face of waitingFaces)
        if (face.turnAt !== undefined) faces.push(face.turnAt, face.id, face)
    },
  }
}
