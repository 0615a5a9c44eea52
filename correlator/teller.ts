// Decides what is told when: news at once, counts together every few seconds of log time.
import type { CorrelatorOutput } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import type { Face } from './faces.ts'
import { membersOf } from './incident-node.ts'
import type { Insight } from './insight.ts'
import type { LiveAlert } from './live-alert.ts'
import { checkMuted } from './mutes/incident-muting.ts'
import { dueToOpen, isHeldBack } from './opening.ts'
import type { CorrelatorState } from './state.ts'
import { createTurns, type Turns } from './turns.ts'
import { alertView, incidentView, isFlapping } from './views.ts'

export interface Teller {
  /** Alerts that the grouping decided (again). */
  decided(alerts: readonly LiveAlert[]): void
  /** An alert is new. */
  opened(alert: LiveAlert): void
  /** An alert resolved or fired anew. */
  transition(alert: LiveAlert, kind: 'resolved' | 'refired'): void
  /** A further event of a known alert. */
  occurred(alert: LiveAlert, worsened: boolean): void
  /** An alert has to be told again at once. */
  alert(alert: LiveAlert): void
  /** An incident has to be told again at once. */
  face(face: Face): void
  /** Sees whether an incident has gone quiet, or fires again. */
  checkFiring(face: Face): void
  /** Said as it is, after the rest. */
  also(outputs: readonly CorrelatorOutput[]): void
  /** All that is to be told now: alerts, then incidents, in the order they were touched. */
  tell(): readonly CorrelatorOutput[]
  readonly turns: Turns
  /** Asked to look after each incident that has gone quiet, was merged, or is in a storm. */
  onWatch(watch: (face: Face) => void): void
}

export interface TellerOptions {
  /** Told where each alert went that its incident only counts and does not tell one by one. */
  readonly onFolded?: (alertId: string, incidentId: string) => void
}

/** An incident with more alerts than this has its growth told in turns. */
const TOLD_AT_ONCE_MAX = 30
/** Alerts told at once that they are muted now, or no longer. */
const MUTED_AT_ONCE_MAX = 1_000

interface News {
  alerts: Set<LiveAlert>
  faces: Set<Face>
  rest: CorrelatorOutput[]
  /** Whose firing alerts, or what mutes them, may have changed. */
  toCheck: Set<Face>
}

const noNews = (): News => ({
  alerts: new Set(),
  faces: new Set(),
  rest: [],
  toCheck: new Set(),
})

export const createTeller = (
  state: CorrelatorState,
  insight: Insight,
  { onFolded }: TellerOptions = {},
): Teller => {
  const { settings, faces } = state
  let news = noNews()
  const turns = createTurns(state)
  let watch: (face: Face) => void = () => undefined

  const tellAlert = (alert: LiveAlert): void => {
    if (alert.sampled) news.alerts.add(alert)
    else onFolded?.(alert.id, alert.toldIncident ?? '')
  }

  const tellGrowth = (face: Face): void => {
    const large = (face.node?.alertCount ?? 0) > TOLD_AT_ONCE_MAX
    if (large && face.status === 'open' && face.version > 0) turns.face(face)
    else news.faces.add(face)
  }

  const checkFiring = (face: Face): void => followFiring(face, news, state, watch)

  return {
    decided: (decided) => {
      const changed = faces.reconcile(decided, state.now)
      for (const alert of changed.alerts) tellAlert(alert)
      for (const face of changed.faces) {
        face.summary = undefined
        face.closedByHand = false
        tellGrowth(face)
        insight.stale(face)
        checkFiring(face)
        if (face.stormSince !== undefined) watch(face)
      }
    },
    opened: state.mutings.fired,
    transition: (alert, kind) => {
      if (kind === 'refired') state.mutings.fired(alert)
      else state.mutings.ceased(alert)
      const face = faces.of(alert)
      // It may have come back worse than it was.
      if (kind === 'refired' && face !== undefined) face.summary = undefined
      if (isFlapping(alert, settings, state.now) || !alert.sampled) turns.alert(alert)
      else {
        news.alerts.add(alert)
        if (face !== undefined) {
          if (kind === 'refired') face.closedByHand = false
          noteTransition(face, alert, kind, state)
          tellGrowth(face)
        }
      }
      if (face !== undefined) checkFiring(face)
    },
    occurred: (alert, worsened) => {
      if (!worsened) {
        turns.alert(alert)
        return
      }
      state.mutings.fired(alert)
      tellAlert(alert)
      const face = faces.of(alert)
      if (face === undefined) return
      face.summary = undefined
      tellGrowth(face)
    },
    alert: tellAlert,
    face: (face) => void news.faces.add(face),
    checkFiring,
    also: (outputs) => void news.rest.push(...outputs),
    turns,
    onWatch: (given) => {
      watch = given
    },
    tell: () => {
      turns.take(news.alerts, news.faces)
      tellMuted(news, state, tellAlert, turns)
      for (const face of insight.think()) news.faces.add(face)
      const told = news
      news = noNews()
      holdBack(told, state, turns)
      return put(told, state)
    },
  }
}

/** What mutes many alerts at once is told of the rest in turns. */
const tellMuted = (
  news: News,
  state: CorrelatorState,
  tellAlert: (alert: LiveAlert) => void,
  turns: Turns,
): void => {
  for (const [index, alert] of state.mutings.settle().entries()) {
    if (index < MUTED_AT_ONCE_MAX) tellAlert(alert)
    else turns.alert(alert)
    const face = state.faces.of(alert)
    if (face !== undefined) news.toCheck.add(face)
  }
  for (const face of news.toCheck) if (checkMuted(face, state)) news.faces.add(face)
}

const followFiring = (
  face: Face,
  news: News,
  state: CorrelatorState,
  watch: (face: Face) => void,
): void => {
  news.toCheck.add(face)
  if (face.node === undefined || face.status === 'merged') {
    watch(face)
    return
  }
  if (face.node.firingCount === 0) {
    if (face.quietSince !== undefined) return
    face.quietSince = state.now
    watch(face)
    return
  }
  face.quietSince = undefined
  if (face.status !== 'resolved' || face.closedByHand) return
  reopen(face, state)
  news.faces.add(face)
}

const reopen = (face: Face, { faces, now }: CorrelatorState): void => {
  face.status = 'open'
  face.resolvedAt = undefined
  faces.note(face, now, 'reopened', 'An alert of it fires again.')
}

const noteTransition = (
  face: Face,
  alert: LiveAlert,
  kind: 'resolved' | 'refired',
  { faces, now }: CorrelatorState,
): void => {
  const subject = alert.ci === undefined ? alert.name : `${alert.name} on ${alert.ci}`
  if (kind === 'resolved') faces.note(face, now, 'alert-resolved', `${subject} resolved.`, alert)
  else faces.note(face, now, 'alert-refired', `${subject} fired again.`, alert)
}

/** Sees which incidents the policy keeps to itself, and which it now lets go. */
const holdBack = (news: News, { settings, now }: CorrelatorState, turns: Turns): void => {
  for (const face of news.faces) {
    const held = isHeldBack(face, settings, now)
    if (face.heldBack && !held && face.node !== undefined)
      for (const alert of membersOf(face.node)) news.alerts.add(alert)
    face.heldBack = held
    if (!held) continue
    news.faces.delete(face)
    face.turnAt = undefined
    const opensAt = dueToOpen(face, settings)
    if (opensAt > now) turns.face(face, opensAt)
  }
}

const put = (news: News, state: CorrelatorState): readonly CorrelatorOutput[] => {
  const outputs: CorrelatorOutput[] = []
  for (const alert of news.alerts) outputs.push(putAlert(alert, state))
  for (const face of news.faces) {
    const output = putFace(face, state.now)
    if (output !== undefined) outputs.push(output)
  }
  outputs.push(...news.rest)
  return outputs
}

const putAlert = (alert: LiveAlert, state: CorrelatorState): CorrelatorOutput => {
  const { settings, faces, now } = state
  alert.version += 1
  alert.toldAt = now
  alert.turnAt = undefined
  const face = faces.of(alert)
  const incidentId = face?.heldBack ? undefined : face?.id
  return { kind: 'alert', alert: alertView(alert, incidentId, settings, now) }
}

const putFace = (face: Face, now: Millis): CorrelatorOutput | undefined => {
  const { entries } = face
  face.entries = []
  face.version += 1
  face.toldAt = now
  face.turnAt = undefined
  // Nobody says to a merged one that its alerts have changed: they tell the incident they are in.
  if (face.status === 'merged') face.summary = undefined
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
