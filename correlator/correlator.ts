// Events in, alerts and incidents out: a pure, deterministic state machine over the events topic.

import type { Change } from '../domain/change.ts'
import type { AlertEvent } from '../domain/event.ts'
import type { CorrelatorOutput, EventsBatch, EventsRecord } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import type { Observation } from './alert-life.ts'
import { CHANGE_AHEAD_MS } from './changes.ts'
import { createInsight, type Insight } from './insight.ts'
import type { LiveAlert } from './live-alert.ts'
import { takeMembership } from './membership.ts'
import type { SignatureRow } from './problems/clustering.ts'
import type { ScopeWorld } from './scope-world.ts'
import type { CorrelatorSettings } from './settings.ts'
import { encodeState } from './snapshot.ts'
import { joined } from './snapshot-lines.ts'
import { decodeState } from './snapshot-read.ts'
import { type CorrelatorState, createState, worldOf } from './state.ts'
import { createTeller, type Teller, type TellerOptions } from './teller.ts'
import { createUpkeep, type Upkeep } from './upkeep.ts'

export interface Correlator {
  /**
   * Takes one record of the events topic, in log order; runs to completion.
   * @param offset of the record; must grow
   */
  apply(record: EventsRecord, offset: number): readonly CorrelatorOutput[]
  /** All state with the log position, for `restoreCorrelator`. */
  snapshot(): Uint8Array
  /**
   * The same, of the moment of this call, in chunks that are made when they are asked for: records
   * may be applied between them.
   */
  snapshotInChunks(): Iterable<Uint8Array>
  /** Offset of the next record to apply. */
  position(): number
  /** When time alone will bring something; undefined: it may pass untold. */
  wakeAt(): Millis | undefined
  /** Signatures of closed incidents of no problem, a list a scope: for the batch pass. */
  loose(): readonly (readonly SignatureRow[])[]
  stats(): CorrelatorStats
}

export interface CorrelatorStats {
  readonly now: Millis
  readonly liveAlerts: number
  readonly openIncidents: number
  readonly unsettledAlerts: number
  readonly eventsTaken: number
  readonly eventsReplayed: number
  /** New alerts that came too late to be put in their place by event time. */
  readonly alertsLate: number
  /** Live alerts given up because there were more than `alertsMax`. */
  readonly alertsForgotten: number
}

export interface CorrelatorOptions extends TellerOptions {
  /**
   * Told, for each event of a batch, which alert it went to; undefined for a resolve that came
   * before its fire. Which incident an alert ended in, the last alert output says.
   */
  readonly onEvent?: (index: number, alertId: string | undefined) => void
}

interface Parts extends CorrelatorOptions {
  readonly teller: Teller
  readonly upkeep: Upkeep
  readonly insight: Insight
}

export const createCorrelator = (
  settings: CorrelatorSettings,
  options: CorrelatorOptions = {},
): Correlator => correlatorOver(createState(settings), options)

/** @throws Error where the bytes are no snapshot that this version reads */
export const restoreCorrelator = (
  snapshot: Uint8Array,
  settings: CorrelatorSettings,
  options: CorrelatorOptions = {},
): Correlator => correlatorOver(decodeState(snapshot, settings), options)

const correlatorOver = (state: CorrelatorState, options: CorrelatorOptions): Correlator => {
  const insight = createInsight(state)
  const teller = createTeller(state, insight, options)
  const upkeep = createUpkeep(state, teller, insight)
  const parts: Parts = { teller, upkeep, insight }
  upkeep.resume()
  const apply = (record: EventsRecord, offset: number): readonly CorrelatorOutput[] => {
    if (offset < state.position) return []
    state.position = offset + 1
    state.now = Math.max(state.now, timeOf(record))
    state.heartbeats.advance(record, state.now)
    takeHeartbeats(state, parts)
    upkeep.advance()
    switch (record.kind) {
      case 'events':
        state.heartbeats.heard(record)
        takeBatch(record, state, { ...parts, ...options })
        break
      case 'topology':
        state.setTopology(record.topology)
        break
      case 'change':
        takeChange(record.change, state, teller)
        break
      case 'mute':
        state.mutings.take(record.mute)
        break
      case 'membership':
        takeMembership(record, state, teller, insight)
        break
      case 'proposals':
        return [...insight.proposed(record.clusters), ...teller.tell()]
      case 'heartbeat':
        state.heartbeats.decide(record)
        break
      case 'ping':
        state.heartbeats.ping(record)
        break
      case 'tick':
        break
    }
    takeHeartbeats(state, parts)
    const told = teller.tell()
    const beats = state.heartbeats.tell(state.now)
    return beats.length === 0 ? told : [...told, ...beats]
  }
  return {
    apply,
    loose: () => [...state.worlds.keys()].map((scope) => state.memory.patterns.loose(scope)),
    snapshot: () => joined([...encodeState(state)]),
    snapshotInChunks: () => encodeState(state),
    position: () => state.position,
    wakeAt: () => {
      const at = Math.min(
        upkeep.nextAt(),
        teller.turns.nextAt(),
        insight.nextAt(),
        state.heartbeats.nextAt(),
      )
      return Number.isFinite(at) ? at : undefined
    },
    stats: () => ({
      now: state.now,
      liveAlerts: state.book.size,
      openIncidents: countOpen(state),
      unsettledAlerts: [...state.worlds.values()].reduce(
        (sum, world) => sum + world.grouping.unsettled.length,
        0,
      ),
      ...state.counters,
    }),
  }
}

const countOpen = ({ faces }: CorrelatorState): number => {
  let open = 0
  for (const face of faces.all()) if (face.status === 'open') open++
  return open
}

const timeOf = (record: EventsRecord): Millis =>
  record.kind === 'events' ? record.receivedAt : record.at

/** Missed heartbeats are alerts like any other. */
const takeHeartbeats = (state: CorrelatorState, parts: Parts): void => {
  for (const batch of state.heartbeats.alerts(state.now)) takeBatch(batch, state, parts)
}

const takeBatch = (batch: EventsBatch, state: CorrelatorState, parts: Parts): void => {
  const { teller, onEvent } = parts
  const world = worldOf(state, batch.scope)
  const fresh: LiveAlert[] = []
  let changedFrom = Number.POSITIVE_INFINITY
  for (const [index, event] of batch.events.entries()) {
    const isSign = state.heartbeats.watchdog(event, batch)
    const observation = isSign ? undefined : takeEvent(event, batch, world, state)
    onEvent?.(index, observation?.alert?.id)
    if (observation === undefined) continue
    if (observation.kind === 'opened') world.index.add(observation.alert!)
    follow(observation, parts)
    if (observation.changedFrom !== undefined)
      changedFrom = Math.min(changedFrom, observation.changedFrom)
    const { alert } = observation
    if (alert === undefined) continue
    if (observation.kind === 'opened') fresh.push(alert)
    else if (observation.earlier !== undefined) {
      moveEarlier(alert, observation.earlier, world, fresh)
      changedFrom = Math.min(changedFrom, observation.earlier)
    }
  }
  if (fresh.length === 0 && changedFrom === Number.POSITIVE_INFINITY) return
  teller.decided(world.grouping.place(fresh, changedFrom))
}

const takeEvent = (
  event: AlertEvent,
  batch: EventsBatch,
  world: ScopeWorld,
  state: CorrelatorState,
): Observation | undefined => {
  const { scope, source, receivedAt } = batch
  const id = `${scope}\n${event.id}`
  const seenAt = state.replays.seen(id, state.now)
  if (seenAt !== undefined) {
    const alert = state.book.get(scope, event.fingerprint)
    if (alert === undefined || !saysSomethingNew(event, alert, seenAt)) {
      state.counters.eventsReplayed += 1
      return alert === undefined ? undefined : { kind: 'known', alert }
    }
    state.replays.renew(id, state.now)
  }
  state.counters.eventsTaken += 1
  if (event.status === 'resolved') world.knowledge.counts.add(state.now, `r|${source}`, 1)
  const observation = state.book.observe(event, { scope, source, receivedAt }, state.now)
  const late = event.startsAt < state.now - state.settings.settleAfterMs
  if (late && observation.kind === 'opened') state.counters.alertsLate += 1
  return observation
}

/**
 * A body without a time is the same each time its condition comes back, so its id tells a retry
 * from news only as long as nothing else was heard of the condition.
 */
const saysSomethingNew = (event: AlertEvent, alert: LiveAlert, seenAt: Millis): boolean =>
  event.flags?.includes('start-missing') === true &&
  (alert.lastSeen > seenAt || alert.firing !== (event.status === 'firing'))

const follow = (observation: Observation, { teller, upkeep, insight }: Parts): void => {
  const { alert, ended } = observation
  if (ended !== undefined) {
    upkeep.changed(ended)
    teller.transition(ended, 'resolved')
  }
  if (alert === undefined) return
  if (observation.kind === 'opened') {
    upkeep.changed(alert)
    insight.alertOpened(alert)
    teller.opened(alert)
  } else if (observation.transition !== undefined) {
    upkeep.changed(alert)
    teller.transition(alert, observation.transition)
  } else {
    if (observation.expires === true) upkeep.changed(alert)
    teller.occurred(alert, observation.worsened === true)
  }
}

/** It turns out to have begun before; what was decided on the later time is decided again. */
const moveEarlier = (alert: LiveAlert, at: Millis, world: ScopeWorld, fresh: LiveAlert[]): void => {
  const placed = !fresh.includes(alert)
  if (placed) world.grouping.withdraw(alert)
  world.index.remove(alert)
  alert.at = at
  alert.activations = [at, ...alert.activations.slice(1)]
  world.index.add(alert)
  if (placed) fresh.push(alert)
}

const takeChange = (change: Change, state: CorrelatorState, teller: Teller): void => {
  state.changes.add(change)
  const from = change.startedAt - CHANGE_AHEAD_MS
  for (const world of state.worlds.values()) teller.decided(world.grouping.place([], from))
}
