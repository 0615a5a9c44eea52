// What an incident means: its root-cause hints, the patterns it resembles, and what its end teaches.
import type { ProblemCandidate } from '../domain/problem.ts'
import type { CorrelatorOutput } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import { createDueQueue } from './due.ts'
import type { Face } from './faces.ts'
import { createHintLearning, type HintLearning, type KnowledgeSnapshot } from './hints/knowledge.ts'
import { rankHints } from './hints/rank.ts'
import { cellKey } from './hints/scene.ts'
import { DEFAULT_HINT_SETTINGS } from './hints/settings.ts'
import { createTopologyView } from './hints/topology-view.ts'
import type { HintAlert, TopologyView } from './hints/types.ts'
import { type IncidentNode, membersOf, rootOf } from './incident-node.ts'
import type { LiveAlert } from './live-alert.ts'
import type { SignatureCluster } from './problems/clustering.ts'
import { createPatterns, type Patterns, type PatternsSnapshot } from './problems/patterns.ts'
import { DEFAULT_PATTERN_SETTINGS } from './problems/settings.ts'
import type { CorrelatorSettings } from './settings.ts'
import { type CorrelatorState, worldOf } from './state.ts'

export interface Insight {
  /** The incident's membership changed: its hints are due, at once where it is new. */
  stale(face: Face): void
  /** A new alert: how long its source took to tell. */
  alertOpened(alert: LiveAlert): void
  /** It resolved: last hints, and what can be learned. @returns problems found or changed */
  closed(face: Face): readonly CorrelatorOutput[]
  /** Takes what the batch pass found. @returns problems found or changed */
  proposed(clusters: readonly SignatureCluster[]): readonly CorrelatorOutput[]
  /** Problems as outputs; their incidents that are still known here carry them from now on. */
  told(problems: readonly ProblemCandidate[]): readonly CorrelatorOutput[]
  /** Thinks about the incidents that are due. @returns those whose hints or patterns changed */
  think(): readonly Face[]
  /** When the next incident is due; infinity = never. */
  nextAt(): Millis
  resume(): void
}

/** What of it outlives a restart; held by the state. */
export interface InsightMemory {
  readonly learning: HintLearning
  readonly patterns: Patterns
  readonly view: () => TopologyView
}

export interface InsightSnapshot {
  readonly learning: KnowledgeSnapshot
  readonly patterns: PatternsSnapshot
}

export const createInsightMemory = (
  topology: () => Parameters<typeof createTopologyView>[0],
  { recurrencesMin, recurrenceWindowMs }: CorrelatorSettings,
  from?: InsightSnapshot,
): InsightMemory => {
  let seen = topology()
  let view = createTopologyView(seen)
  const current = (): TopologyView => {
    if (seen !== topology()) {
      seen = topology()
      view = createTopologyView(seen)
    }
    return view
  }
  const nameOf = (ci: string): string => current().describe(ci)?.name ?? ci
  return {
    learning: createHintLearning(undefined, from?.learning),
    patterns: createPatterns(
      nameOf,
      {
        ...DEFAULT_PATTERN_SETTINGS,
        occurrencesMin: recurrencesMin,
        windowMs: recurrenceWindowMs,
      },
      from?.patterns,
    ),
    view: current,
  }
}

const SMALL = 30
/** The first alerts of an incident tell its cause; later ones follow from it. */
const LOOKED_AT_MAX = 300
/** Alerts of other incidents looked at, the nearest in time. */
const ELSEWHERE_MAX = 64
const ELSEWHERE_WITHIN_MS = DEFAULT_HINT_SETTINGS.elsewhereWithinMs

export const createInsight = (state: CorrelatorState): Insight => {
  const { settings, faces, changes, memory } = state
  const due = createDueQueue<Face>()

  const think = (face: Face, node: IncidentNode): boolean => {
    const before = JSON.stringify([face.hints, face.knownPatterns])
    face.elsewhere = elsewhereOf(face, node, state)
    face.hints = rankHints({
      incidentId: face.id,
      alerts: hintAlerts(node),
      elsewhere: face.elsewhere,
      topology: memory.view(),
      changesOn: (ci) => changes.on(ci, 0, state.now),
      knowledge: memory.learning.knowledge,
      now: state.now,
    })
    const known = memory.patterns.match(patternView(face, node), state.now)
    if (known.length > 0 && face.knownPatterns.length === 0)
      faces.note(face, state.now, 'pattern-matched', `It looks like ${known[0]!.title}.`)
    face.knownPatterns = known
    noteLead(face, state)
    return JSON.stringify([face.hints, face.knownPatterns]) !== before
  }

  const told = (problems: readonly ProblemCandidate[]): CorrelatorOutput[] => {
    for (const id of problems.flatMap(({ incidentIds }) => incidentIds)) {
      const face = faces.get(id)
      if (face !== undefined) face.problemId = memory.patterns.problemOf(id)
    }
    return problems.map((problem) => ({ kind: 'problem', problem }))
  }

  return {
    stale: (face) => {
      if (face.thinkAt !== undefined || face.node === undefined) return
      face.thinkAt = thinkTime(face, face.node, state)
      due.push(face.thinkAt, face.id, face)
    },
    alertOpened: (alert) =>
      memory.learning.alertReported(alert.source, alert.startsAt, alert.firstSeen),
    closed: (face) => {
      const { node } = face
      if (node === undefined) return []
      think(face, node)
      if (!face.learned) {
        face.learned = true
        const cells = hintAlerts(node).flatMap(({ ci, name }) =>
          ci === undefined ? [] : [{ ci, name }],
        )
        memory.learning.incidentClosed(cells, face.confirmed ?? face.hints[0], state.now)
      }
      const incident = { ...patternView(face, node), resolvedAt: face.resolvedAt ?? state.now }
      const problems = memory.patterns.closed(incident, state.now)
      face.problemId = memory.patterns.problemOf(face.id)
      return told(problems)
    },
    proposed: (clusters) => told(memory.patterns.proposed(clusters, state.now)),
    told,
    think: () => {
      const changed: Face[] = []
      for (let i = 0; i < settings.thinkMax; i++) {
        const face = due.pop(state.now)
        if (face === undefined) break
        if (face.thinkAt === undefined) continue
        face.thinkAt = undefined
        if (face.node === undefined || face.status === 'merged') continue
        if (think(face, face.node)) changed.push(face)
      }
      return changed
    },
    nextAt: due.nextAt,
    resume: () => {
      for (const face of faces.all())
        if (face.thinkAt !== undefined) due.push(face.thinkAt, face.id, face)
    },
  }
}

/**
 * An incident that nobody was told of is thought about at once, so that it opens with the known error
 * that it looks like. The larger it has become, the less one more alert tells about its cause.
 */
const thinkTime = (
  { version }: Face,
  { alertCount }: IncidentNode,
  { now, settings }: CorrelatorState,
): Millis => {
  if (version === 0) return now
  const waits = alertCount <= SMALL ? settings.emitEveryMs : settings.refreshEveryMs
  return Math.ceil((now + 1) / waits) * waits
}

/** Puts the likeliest cause on the timeline when another CI takes the lead. */
const noteLead = (face: Face, { faces, now }: CorrelatorState): void => {
  const lead = face.hints[0]
  if (lead === undefined || lead.ci === face.lead) return
  face.lead = lead.ci
  const why = lead.reasons[0]?.text ?? ''
  faces.note(face, now, 'hint', `Likeliest cause: ${lead.ci}. ${why}`.trim())
}

const hintAlert = (alert: LiveAlert): HintAlert => {
  const { id, ci, name, severity, startsAt, firstSeen, source } = alert
  return { id, ...(ci === undefined ? {} : { ci }), name, severity, startsAt, firstSeen, source }
}

const hintAlerts = (node: IncidentNode): HintAlert[] => {
  const alerts: HintAlert[] = []
  for (const alert of membersOf(node)) {
    if (alerts.length >= LOOKED_AT_MAX) break
    alerts.push(hintAlert(alert))
  }
  return alerts
}

/**
 * What other incidents' alerts told around the time when this one began. The index forgets them
 * before a long incident ends, so what was found stays with it.
 */
const elsewhereOf = (face: Face, node: IncidentNode, state: CorrelatorState): HintAlert[] => {
  const { openedAt, opener } = node
  const { index } = worldOf(state, opener.scope)
  const told = new Set<string>()
  const others: LiveAlert[] = []
  for (const alert of index.began(openedAt - ELSEWHERE_WITHIN_MS, openedAt + ELSEWHERE_WITHIN_MS)) {
    if (alert.ci === undefined || alert.incident === undefined) continue
    told.add(alert.id)
    if (rootOf(alert.incident) !== node) others.push(alert)
  }
  const kept = face.elsewhere.filter(({ id }) => !told.has(id))
  const apart = ({ startsAt }: HintAlert | LiveAlert): Millis => Math.abs(startsAt - openedAt)
  const nearest = [...kept, ...others]
    .sort((a, b) => apart(a) - apart(b) || (a.id < b.id ? -1 : 1))
    .slice(0, ELSEWHERE_MAX)
  const lone = new Map<IncidentNode, boolean>()
  const isLone = ({ ci, incident }: LiveAlert): boolean => {
    const other = rootOf(incident!)
    if (!lone.has(other)) lone.set(other, touchesOnly(other, ci))
    return lone.get(other) === true
  }
  return nearest.map((alert) =>
    'fingerprint' in alert ? { ...hintAlert(alert), lone: isLone(alert) } : alert,
  )
}

/** As far as is looked at: a host that is down, with its effects in other incidents. */
const touchesOnly = (node: IncidentNode, ci: string | undefined): boolean => {
  let left = LOOKED_AT_MAX
  for (const member of membersOf(node)) {
    if (left-- === 0) break
    if (member.ci !== ci) return false
  }
  return true
}

const patternAlert = (alert: HintAlert) => ({ ...alert, onset: alert.startsAt })

const patternView = (face: Face, node: IncidentNode) => ({
  id: face.id,
  scope: node.opener.scope,
  openedAt: node.openedAt,
  alerts: hintAlerts(node).map(patternAlert),
  elsewhere: face.elsewhere.map(patternAlert),
  hints: face.hints,
  ...(face.confirmed === undefined ? {} : { confirmedCause: face.confirmed.ci }),
})

/** The incident's CI and alert types, as verdicts remember them. */
export const cellsOf = (node: IncidentNode): string[] => [
  ...new Set(
    hintAlerts(node).flatMap(({ ci, name }) => (ci === undefined ? [] : [cellKey(ci, name)])),
  ),
]
