// All heartbeats of one partition: judged by what the edge heard, told, and raised as alerts.
import type { AlertEvent } from '../../domain/event.ts'
import { HEARTBEAT_SOURCE, type HeartbeatDefinition } from '../../domain/heartbeat.ts'
import type {
  CorrelatorOutput,
  EventsBatch,
  EventsRecord,
  HeartbeatRecord,
  PingRecord,
} from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import type { LiveAlert } from '../live-alert.ts'
import { type Agenda, createAgenda } from './agenda.ts'
import { alertBatches, type Raised } from './alerts.ts'
import {
  type Beat,
  type BeatState,
  beatView,
  newBeat,
  passTime,
  pause,
  redefine,
  restartGrace,
  resume,
  takePing,
  takeSign,
  type Verdict,
} from './beat.ts'
import { createSchedule } from './schedule.ts'
import type { HeartbeatSettings } from './settings.ts'
import { type BlindSources, createBlindSources } from './sources.ts'
import { listen, newWatch, type WatchState, watermark } from './watch.ts'
import { watchdogDefinition, watchdogId } from './watchdog.ts'

export interface HeartbeatBook {
  /** Log time has come to `now` by this record; to be called before the record is taken. */
  advance(record: EventsRecord, now: Millis): void
  ping(record: PingRecord): void
  decide(record: HeartbeatRecord): void
  /** A delivery came; for some heartbeats that is enough. */
  heard(batch: EventsBatch): void
  /** @returns true where the event is a sign of life and nothing else */
  watchdog(event: AlertEvent, batch: EventsBatch): boolean
  /** What the alerts of heartbeats do, since last asked. */
  alerts(now: Millis): readonly EventsBatch[]
  tell(now: Millis): readonly CorrelatorOutput[]
  /** When there is something to tell; infinity when there is not. */
  nextAt(): Millis
  /**
   * Until when its silence since `silentAt` must not resolve the alert; infinity while its source
   * may be blind.
   */
  heldUntil(alert: LiveAlert, silentAt: Millis): Millis
  /** Calls whenever alerts may no longer be held. */
  onReleased(listener: () => void): void
  readonly size: number
  toJSON(): HeartbeatBookJson
}

export interface HeartbeatBookJson {
  readonly watch: WatchState
  readonly beats: readonly BeatState[]
}

export interface BookSettings {
  readonly heartbeats: HeartbeatSettings
  readonly emitEveryMs: Millis
}

interface Book {
  readonly settings: HeartbeatSettings
  readonly beats: Map<string, Beat>
  readonly watch: WatchState
  readonly agenda: Agenda
  readonly sources: BlindSources
  /** Heartbeats that Watchdogs made. */
  watchdogs: number
  raised: Raised[]
  released: () => void
}

export const createHeartbeatBook = (
  { heartbeats: settings, emitEveryMs }: BookSettings,
  from?: HeartbeatBookJson,
): HeartbeatBook => {
  const book: Book = {
    settings,
    beats: new Map(),
    watch: { ...newWatch(), ...from?.watch },
    agenda: createAgenda(emitEveryMs),
    sources: createBlindSources(),
    watchdogs: 0,
    raised: [],
    released: () => undefined,
  }
  const { beats, watch, agenda, sources } = book
  for (const state of from?.beats ?? []) {
    const beat: Beat = { ...state, schedule: createSchedule(state.definition.schedule) }
    add(book, beat)
    agenda.restore(beat)
  }
  return {
    advance: (record, now) => advance(book, record, now),
    ping: (record) => {
      const beat = beats.get(record.heartbeatId)
      if (beat === undefined) return
      const { kind: _, heartbeatId: __, ...ping } = record
      settle(book, beat, takePing(beat, ping, settings), ping.at)
    },
    decide: (record) => decide(book, record),
    heard: ({ scope, source, receivedAt }) => {
      for (const beat of sources.heardBy(scope, source))
        settle(book, beat, takeSign(beat, receivedAt), receivedAt)
    },
    watchdog: (event, batch) =>
      settings.watchdogNames.includes(event.name) && takeWatchdog(book, event, batch),
    alerts: (now) => {
      if (book.raised.length === 0) return []
      const batches = alertBatches(book.raised, now)
      book.raised = []
      return batches
    },
    tell: (now) => agenda.news(now).map(putBeat),
    nextAt: agenda.nextTurnAt,
    heldUntil: (alert, silentAt) => {
      if (alert.source === HEARTBEAT_SOURCE) return Number.POSITIVE_INFINITY
      const backUntil = watch.backAt === null ? 0 : watch.backAt + settings.sourceRecoveryMs
      return Math.max(backUntil, sources.heldUntil(alert, silentAt, settings.sourceRecoveryMs))
    },
    onReleased: (listener) => {
      book.released = listener
    },
    get size() {
      return beats.size
    },
    toJSON: () => ({ watch, beats: [...beats.values()].map(({ schedule: _, ...state }) => state) }),
  }
}

/** After anything was done to a heartbeat. */
const settle = (book: Book, beat: Beat, verdict: Verdict, now: Millis): void => {
  book.agenda.touched(beat, now)
  if (book.sources.isAwaited(beat)) book.released()
  if (verdict !== undefined) book.raised.push({ ...verdict, beat })
}

const advance = (book: Book, record: EventsRecord, now: Millis): void => {
  const { beats, watch, settings, agenda } = book
  if (beats.size === 0) {
    // Nobody asks the edge to say that it listens, so its silence is not told from absence.
    Object.assign(watch, newWatch())
    return
  }
  const backAt = listen(watch, record, settings)
  if (backAt !== undefined) {
    for (const beat of beats.values()) if (restartGrace(beat, backAt)) agenda.tellAtOnce(beat)
    book.released()
  }
  const to = watermark(watch, settings)
  for (let beat = agenda.pop(to); beat; beat = agenda.pop(to))
    settle(book, beat, passTime(beat, to), now)
}

const add = (book: Book, beat: Beat): void => {
  book.beats.set(beat.definition.id, beat)
  book.sources.enter(beat)
  if (beat.ownMade) book.watchdogs += 1
}

const decide = (book: Book, { change, at, version }: HeartbeatRecord): void => {
  const beat = book.beats.get(change.action === 'define' ? change.definition.id : change.id)
  // The desk publishes at least once, and pings may lie between the two times.
  if (beat !== undefined && version <= beat.decided) return
  if (beat !== undefined) beat.decided = version
  if (change.action === 'define') {
    define(book, change.definition, at, version)
    return
  }
  if (beat === undefined) return
  if (change.action === 'delete') remove(book, beat, at)
  else settle(book, beat, change.action === 'pause' ? pause(beat, at) : resume(beat, at), at)
}

const define = (book: Book, definition: HeartbeatDefinition, at: Millis, version: number): void => {
  const { beats, settings, agenda, sources } = book
  const beat = beats.get(definition.id)
  if (beat === undefined) {
    if (beats.size >= settings.heartbeatsMax) return
    const made = newBeat(definition, at)
    made.decided = version
    add(book, made)
    agenda.tellAtOnce(made)
    return
  }
  if (beat.ownMade) book.watchdogs -= 1
  redefine(beat, definition, at)
  sources.enter(beat)
  agenda.tellAtOnce(beat)
  book.released()
}

const remove = (book: Book, beat: Beat, at: Millis): void => {
  if (beat.condition === 'down') book.raised.push({ status: 'resolved', at, beat })
  if (beat.ownMade) book.watchdogs -= 1
  book.beats.delete(beat.definition.id)
  book.agenda.forget(beat)
  book.sources.leave(beat)
  book.released()
}

const takeWatchdog = (book: Book, event: AlertEvent, batch: EventsBatch): boolean => {
  const { beats, settings } = book
  const { receivedAt: at } = batch
  let beat = beats.get(watchdogId(batch, event))
  if (beat === undefined) {
    if (book.watchdogs >= settings.watchdogsMax || beats.size >= settings.heartbeatsMax)
      return false
    beat = newBeat(watchdogDefinition(batch, event, settings), at, true)
    add(book, beat)
  }
  const isAlive = event.status === 'firing'
  const verdict = isAlive ? takeSign(beat, at) : takePing(beat, { signal: 'fail', at }, settings)
  settle(book, beat, verdict, at)
  return true
}

const putBeat = (beat: Beat): CorrelatorOutput => {
  beat.version += 1
  const { transitions, pings } = beat
  beat.transitions = []
  beat.pings = []
  beat.turnAt = null
  return { kind: 'heartbeat', heartbeat: beatView(beat), transitions, pings }
}
