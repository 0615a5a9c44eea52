// Decides what is told when: news at once, counts together every few seconds of log time.
import type { CorrelatorOutput } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import { createDueQueue, type DueQueue } from './due.ts'
import type { Face } from './faces.ts'
import { rootOf } from './incident-node.ts'
import type { Insight } from './insight.ts'
import type { LiveAlert } from './live-alert.ts'
import type { CorrelatorState } from './state.ts'
import { alertView, incidentView, isFlapping } from './views.ts'

export interface Teller {
  /** Alerts that the grouping decided (again). */
  decided(alerts: readonly LiveAlert[]): void
  /** An alert resolved or fired anew. */
  transition(alert: LiveAlert, kind: 'resolved' | 'refired'): void
  /** A further event of a known alert. */
  occurred(alert: LiveAlert, worsened: boolean): void
  face(face: Face): void
  /** Said as it is, after the rest. */
  also(outputs: readonly CorrelatorOutput[]): void
  /** All that is to be told now: alerts, then incidents, in the order they were touched. */
  tell(): readonly CorrelatorOutput[]
  /** When small news is to be told next; infinity when there is none. */
  nextAt(): Millis
  /** After a restore: small news that was waiting. */
  resume(alerts: Iterable<LiveAlert>): void
  /** Asked to look after each incident that has gone quiet or was merged. */
  onQuiet(watch: (face: Face) => void): void
}

export const createTeller = (state: CorrelatorState, insight: Insight): Teller => {
  const { settings, faces } = state
  let alerts = new Set<LiveAlert>()
  let touched = new Set<Face>()
  let rest: CorrelatorOutput[] = []
  const later: DueQueue<LiveAlert> = createDueQueue()
  let quiet: (face: Face) => void = () => undefined

  const checkFiring = (face: Face): void => {
    const { node } = face
    if (face.status === 'merged') quiet(face)
    if (node === undefined || face.status === 'merged') return
    if (node.firingCount > 0) {
      face.quietSince = undefined
      if (face.status !== 'resolved') return
      face.status = 'open'
      face.resolvedAt = undefined
      faces.note(face, state.now, 'reopened', 'An alert of it fires again.')
      touched.add(face)
    } else if (face.quietSince === undefined) {
      face.quietSince = state.now
      quiet(face)
    }
  }

  const wait = (alert: LiveAlert): void => {
    if (alert.turnAt !== undefined) return
    alert.turnAt = nextTurn(alert)
    later.push(alert.turnAt, alert.id, alert)
  }

  const nextTurn = (alert: LiveAlert): Millis => {
    const { emitEveryMs, refreshEveryMs } = settings
    const soonest = Math.max(state.now + 1, alert.toldAt + refreshEveryMs)
    return Math.ceil(soonest / emitEveryMs) * emitEveryMs
  }

  const tellAlert = (alert: LiveAlert): CorrelatorOutput => {
    alert.version += 1
    alert.toldAt = state.now
    alert.turnAt = undefined
    const incidentId = alert.incident === undefined ? undefined : rootOf(alert.incident).publicId
    return { kind: 'alert', alert: alertView(alert, incidentId, settings, state.now) }
  }

  const tellFace = (face: Face): CorrelatorOutput | undefined => {
    const { entries } = face
    face.entries = []
    face.version += 1
    if (face.node !== undefined) face.told = incidentView(face, face.node)
    else if (face.told !== undefined)
      face.told = {
        ...face.told,
        version: face.version,
        status: face.status,
        ...(face.mergedInto === undefined ? {} : { mergedInto: face.mergedInto }),
      }
    else return undefined
    return { kind: 'incident', incident: face.told, entries }
  }

  return {
    decided: (decided) => {
      if (decided.length === 0) return
      const changed = faces.reconcile(decided, state.now)
      for (const alert of changed.alerts) alerts.add(alert)
      for (const face of changed.faces) {
        touched.add(face)
        insight.stale(face)
        checkFiring(face)
      }
    },
    transition: (alert, kind) => {
      const face = faces.of(alert)
      if (isFlapping(alert, settings, state.now)) wait(alert)
      else {
        alerts.add(alert)
        if (face !== undefined) {
          const where = alert.ci === undefined ? '' : ` on ${alert.ci}`
          if (kind === 'resolved')
            faces.note(face, state.now, 'alert-resolved', `${alert.name}${where} resolved.`, alert)
          else
            faces.note(
              face,
              state.now,
              'alert-refired',
              `${alert.name}${where} fired again.`,
              alert,
            )
          touched.add(face)
        }
      }
      if (face !== undefined) checkFiring(face)
    },
    occurred: (alert, worsened) => {
      if (!worsened) {
        wait(alert)
        return
      }
      alerts.add(alert)
      const face = faces.of(alert)
      if (face !== undefined) touched.add(face)
    },
    face: (face) => void touched.add(face),
    also: (outputs) => void rest.push(...outputs),
    resume: (waiting) => {
      for (const alert of waiting)
        if (alert.turnAt !== undefined) later.push(alert.turnAt, alert.id, alert)
    },
    onQuiet: (watch) => {
      quiet = watch
    },
    nextAt: () => later.nextAt(),
    tell: () => {
      for (;;) {
        const alert = later.pop(state.now)
        if (alert === undefined) break
        if (alert.turnAt === undefined || alert.turnAt > state.now || alert.forgotten) continue
        alerts.add(alert)
        const face = faces.of(alert)
        if (face !== undefined) touched.add(face)
      }
      for (const face of insight.think()) touched.add(face)
      if (alerts.size === 0 && touched.size === 0 && rest.length === 0) return []
      const outputs: CorrelatorOutput[] = []
      for (const alert of alerts) outputs.push(tellAlert(alert))
      for (const face of touched) {
        const output = tellFace(face)
        if (output !== undefined) outputs.push(output)
      }
      outputs.push(...rest)
      alerts = new Set()
      touched = new Set()
      rest = []
      return outputs
    },
  }
}
