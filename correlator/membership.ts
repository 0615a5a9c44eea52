// People's decisions about membership: merge, split, move, each with its undo, and what they teach.

import type { MembershipDecision, MembershipRecord } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import type { Face } from './faces.ts'
import {
  addMember,
  detach,
  type IncidentNode,
  membersOf,
  mergeInto,
  openNode,
  removeMember,
  rootOf,
} from './incident-node.ts'
import { cellsOf, type Insight } from './insight.ts'
import { compareAlerts, type LiveAlert } from './live-alert.ts'
import { type CorrelatorState, worldOf } from './state.ts'
import type { Teller } from './teller.ts'

interface Deciding {
  readonly state: CorrelatorState
  readonly teller: Teller
  readonly insight: Insight
  readonly record: MembershipRecord
  /** Names the decision: undoing one of the same content takes it back. */
  readonly key: string
}

type Of<A extends MembershipDecision['action']> = Extract<MembershipDecision, { action: A }>

/** A decision about what is no longer known, or never was, changes nothing. */
export const takeMembership = (
  record: MembershipRecord,
  state: CorrelatorState,
  teller: Teller,
  insight: Insight,
): void => {
  if (!isNew(record, state)) return
  const deciding = { state, teller, insight, record, key: JSON.stringify(record.decision) }
  const { decision } = record
  switch (decision.action) {
    case 'merge':
      if (record.undo) unmergeIncidents(decision, deciding)
      else mergeIncidents(decision, deciding)
      break
    case 'split':
      splitIncident(decision, deciding)
      break
    case 'move':
      moveAlerts(decision, deciding)
      break
    case 'confirm-hint':
    case 'reject-hint':
      judgeHint(decision, deciding)
      break
    case 'same-problem':
    case 'not-same-problem':
      judgeProblem(decision, deciding)
      break
    case 'dismiss-problem':
      state.memory.patterns.dismissed(decision.problemId, record.undo !== true)
      break
    case 'resolve':
    case 'reopen':
      setStatus(decision, deciding)
  }
}

/** A record that comes twice, as the desk's outbox may send it, is carried out once. */
const isNew = (
  { commandId }: MembershipRecord,
  { decided, settings }: CorrelatorState,
): boolean => {
  if (decided.has(commandId)) return false
  decided.add(commandId)
  const oldest = decided.values().next()
  if (decided.size > settings.correctionsMax && !oldest.done) decided.delete(oldest.value)
  return true
}

/** An incident that lost its last alert went into another; it is to have alerts again. */
const revive = (id: string, { state }: Deciding): void => {
  const node = state.faces.get(id)?.node
  if (node === undefined || node.parent === undefined || node.alertCount > 0) return
  detach(node)
  state.faces.restructured(node, 'it has alerts again')
}

/** The incident by that name, merges followed; all that is in doubt in its scope is settled. */
const incidentNamed = (id: string, { state }: Deciding): IncidentNode | undefined => {
  const node = state.faces.get(id)?.node
  if (node === undefined) return undefined
  worldOf(state, node.opener.scope).settleNow()
  return rootOf(node)
}

const mergeIncidents = ({ incidentId, into }: Of<'merge'>, deciding: Deciding): void => {
  const merged = incidentNamed(incidentId, deciding)
  const survivor = incidentNamed(into, deciding)
  if (merged === undefined || survivor === undefined || merged === survivor) return
  const { state, record, key } = deciding
  state.corrections.learn(
    key,
    'must',
    record.actor,
    [...membersOf(merged)],
    [...membersOf(survivor)],
  )
  mergeInto(survivor, merged)
  restructured([merged, survivor], `${record.actor} merged them`, deciding)
}

const unmergeIncidents = ({ incidentId }: Of<'merge'>, deciding: Deciding): void => {
  const { state, record, key } = deciding
  state.corrections.forget(key)
  const node = state.faces.get(incidentId)?.node
  if (node?.parent === undefined) return
  const survivor = incidentNamed(incidentId, deciding)!
  detach(node)
  restructured([node, survivor], `${record.actor} took the merge back`, deciding)
}

const splitIncident = (decision: Of<'split'>, deciding: Deciding): void => {
  const { incidentId, alertIds, newIncidentId } = decision
  const { state, record, key } = deciding
  const undo = record.undo === true
  const from = incidentNamed(undo ? newIncidentId : incidentId, deciding)
  if (from === undefined) return
  const alerts = pick(from, alertIds)
  if (alerts.length === 0) return
  if (undo) {
    state.corrections.forget(key)
    revive(incidentId, deciding)
    const back = incidentNamed(incidentId, deciding)
    if (back !== undefined) transfer(alerts, from, back, 'took the split back', deciding)
    return
  }
  const to = openNode(alerts[0]!, alerts[0]!.at)
  transfer(alerts, from, to, 'split it', deciding, newIncidentId)
  state.corrections.learn(key, 'cannot', record.actor, alerts, [...membersOf(from)])
}

const moveAlerts = ({ alertIds, from, to }: Of<'move'>, deciding: Deciding): void => {
  const { state, record, key } = deciding
  const undo = record.undo === true
  if (undo) revive(from, deciding)
  const source = incidentNamed(undo ? to : from, deciding)
  const target = incidentNamed(undo ? from : to, deciding)
  if (source === undefined || target === undefined || source === target) return
  const alerts = pick(source, alertIds)
  if (alerts.length === 0) return
  if (undo) state.corrections.forget(key)
  else state.corrections.learn(key, 'must', record.actor, alerts, [...membersOf(target)])
  transfer(alerts, source, target, 'moved alerts', deciding)
  if (!undo) state.corrections.learn(key, 'cannot', record.actor, alerts, [...membersOf(source)])
}

const pick = (node: IncidentNode, ids: readonly string[]): LiveAlert[] => {
  const wanted = new Set(ids)
  return [...membersOf(node)].filter(({ id }) => wanted.has(id)).sort(compareAlerts)
}

const transfer = (
  alerts: readonly LiveAlert[],
  from: IncidentNode,
  to: IncidentNode,
  what: string,
  deciding: Deciding,
  name?: string,
): void => {
  const { state, record } = deciding
  const why = `${record.actor} ${what}`
  for (const alert of alerts) {
    removeMember(alert)
    addMember(to, alert, state.settings.incidentSampleMax)
    alert.evidence = [{ signal: 'person', weight: 0, text: `${why}.` }]
  }
  if (name !== undefined) state.faces.name(to, name, state.now)
  if (from.alertCount === 0) mergeInto(to, from)
  restructured([from, to], why, deciding, alerts)
}

const restructured = (
  nodes: readonly IncidentNode[],
  why: string,
  { state, teller }: Deciding,
  alerts: readonly LiveAlert[] = [],
): void => {
  for (const node of nodes) state.faces.restructured(node, why)
  teller.decided(alerts)
  for (const node of nodes) {
    const face = node.publicId === undefined ? undefined : state.faces.get(node.publicId)
    if (face === undefined) continue
    face.summary = undefined
    teller.face(face)
    teller.checkFiring(face)
  }
}

const judgeHint = (decision: Of<'confirm-hint' | 'reject-hint'>, deciding: Deciding): void => {
  const { state, insight, record } = deciding
  const { incidentId, ci, change } = decision
  const face = state.faces.get(incidentId)
  const { learning, patterns } = state.memory
  const confirmed = decision.action === 'confirm-hint'
  if (record.undo) learning.undecided(incidentId, ci)
  else
    learning.decided({
      incidentId,
      ci,
      ...(change === undefined ? {} : { change }),
      confirmed,
      at: state.now,
      cells: face?.node === undefined ? patterns.cellsOf(incidentId) : cellsOf(face.node),
    })
  if (face === undefined) return
  const names = confirmed && !record.undo
  if (names) face.confirmed = { ci, confidence: 1, confirmed: true }
  else if (face.confirmed?.ci === ci) face.confirmed = undefined
  insight.stale(face)
}

const judgeProblem = (
  { action, incidentId, problemId }: Of<'same-problem' | 'not-same-problem'>,
  { state, teller, insight, record }: Deciding,
): void => {
  const { patterns } = state.memory
  const decision = { incidentId, problemId, same: action === 'same-problem' }
  const problems = record.undo
    ? patterns.undecided(decision, state.now)
    : patterns.decided(decision, state.now)
  teller.also(insight.told(problems))
  const face = state.faces.get(incidentId)
  if (face === undefined) return
  face.problemId = patterns.problemOf(incidentId)
  teller.face(face)
  insight.stale(face)
}

const setStatus = (
  { action, incidentId }: Of<'resolve' | 'reopen'>,
  { state, teller, insight, record }: Deciding,
): void => {
  const face = state.faces.get(incidentId)
  if (face === undefined || face.status === 'merged') return
  const resolves = (action === 'resolve') !== (record.undo === true)
  if (resolves === (face.status === 'resolved')) return
  if (resolves) closeByHand(face, state.now)
  else {
    face.status = 'open'
    face.resolvedAt = undefined
    face.closedByHand = false
  }
  const word = resolves ? 'resolved' : 'reopened'
  state.faces.note(face, state.now, word, `${record.actor} ${word} it.`)
  if (resolves) teller.also(insight.closed(face))
  teller.face(face)
  teller.checkFiring(face)
}

/** Alerts that still fire do not open it again; one that fires anew, or joins, does. */
const closeByHand = (face: Face, now: Millis): void => {
  face.status = 'resolved'
  face.resolvedAt = now
  face.closedByHand = true
}
