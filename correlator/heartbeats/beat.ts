// One heartbeat's life: what pings, people and time do to it, after healthchecks.io's rules.
import type {
  Heartbeat,
  HeartbeatDefinition,
  HeartbeatPing,
  HeartbeatReason,
  HeartbeatStatus,
  HeartbeatTransition,
  PingDetails,
} from '../../domain/heartbeat.ts'
import type { Millis } from '../../domain/time.ts'
import { createSchedule, type Schedule } from './schedule.ts'

/** A run whose start was heard and whose end was not. */
interface Run {
  /** Empty where the sender gives none. */
  readonly rid: string
  readonly at: Millis
}

/** What lasts of a heartbeat: plain JSON. */
export interface BeatState {
  definition: HeartbeatDefinition
  /** Version of the newest decision about it; 0 where nobody has decided anything. */
  decided: number
  /** It made itself, from a Watchdog alert; nobody has defined it. */
  ownMade: boolean
  /** Late and started follow from this and the times. */
  condition: 'new' | 'up' | 'down' | 'paused'
  late: boolean
  since: Millis
  version: number
  pingCount: number
  runs: Run[]
  lastPingAt: Millis | null
  lastDurationMs: Millis | null
  dueAt: Millis | null
  graceRestartedAt: Millis | null
  /** When it was last heard of after it was due: its source needs a while to repeat what fires. */
  recoveredAt: Millis | null
  /** What is yet to be told. */
  transitions: HeartbeatTransition[]
  pings: HeartbeatPing[]
  turnAt: Millis | null
}

export interface Beat extends BeatState {
  schedule: Schedule
}

export interface BeatLimits {
  /** Runs under way at once; beyond it the oldest is forgotten. */
  readonly runsMax: number
  /** Pings between two tellings; beyond it the oldest are only counted. */
  readonly pingsToldMax: number
  /** Of these, the newest that keep their bodies. */
  readonly bodiesToldMax: number
}

/** What became of the alert: it is to fire, or to resolve, as of then. */
export type Verdict = { readonly status: 'firing' | 'resolved'; readonly at: Millis } | undefined

export const newBeat = (definition: HeartbeatDefinition, at: Millis, ownMade = false): Beat => ({
  definition,
  schedule: createSchedule(definition.schedule),
  ownMade,
  decided: 0,
  condition: 'new',
  late: false,
  since: at,
  version: 0,
  pingCount: 0,
  runs: [],
  lastPingAt: null,
  lastDurationMs: null,
  dueAt: null,
  graceRestartedAt: null,
  recoveredAt: null,
  transitions: [],
  pings: [],
  turnAt: null,
})

export const statusOf = ({ condition, runs, late }: BeatState): HeartbeatStatus => {
  if (condition === 'down') return 'down'
  if (runs.length > 0) return 'started'
  return condition === 'up' && late ? 'late' : condition
}

/** Start of the oldest run under way: grace counts from there. */
const oldestRun = ({ runs }: BeatState): Millis => runs[0]?.at ?? Number.POSITIVE_INFINITY

/** When it is missed unless something is heard. */
export const missedAt = (beat: BeatState): Millis => {
  if (beat.condition === 'down') return Number.POSITIVE_INFINITY
  const due = beat.condition === 'up' && beat.dueAt !== null ? beat.dueAt : Number.POSITIVE_INFINITY
  return Math.min(due, oldestRun(beat)) + beat.definition.graceMs
}

/** When time alone changes it next. */
export const wakeAt = (beat: BeatState): Millis => {
  const { condition, late, dueAt } = beat
  const due = condition === 'up' && !late && dueAt !== null ? dueAt : Number.POSITIVE_INFINITY
  return Math.min(due, missedAt(beat))
}

/** Does something to it, and notes the transition where that changes what people see. */
const change = (beat: Beat, at: Millis, reason: HeartbeatReason, apply: () => void): Verdict => {
  const from = statusOf(beat)
  const wasDown = beat.condition === 'down'
  apply()
  const to = statusOf(beat)
  if (to !== from) {
    beat.version += 1
    beat.since = at
    beat.transitions.push({ version: beat.version, at, from, to, reason })
  }
  const isDown = beat.condition === 'down'
  if (isDown === wasDown) return undefined
  return { status: isDown ? 'firing' : 'resolved', at }
}

const due = (beat: Beat, from: Millis): Millis | null => {
  const at = beat.schedule.nextDue(from)
  return Number.isFinite(at) ? at : null
}

const ownDue = (beat: Beat, at: Millis): void => {
  beat.dueAt = due(beat, at)
  beat.late = false
}

/** Time has come to `to`. */
export const passTime = (beat: Beat, to: Millis): Verdict => {
  const { dueAt } = beat
  if (beat.condition === 'up' && !beat.late && dueAt !== null && dueAt <= to)
    change(beat, dueAt, 'due', () => {
      beat.late = true
    })
  const missed = missedAt(beat)
  if (missed > to) return undefined
  const reason = missed === oldestRun(beat) + beat.definition.graceMs ? 'overran' : 'missed'
  return change(beat, missed, reason, () => {
    beat.condition = 'down'
    beat.late = false
  })
}

const noteHeard = (beat: Beat, at: Millis): void => {
  const isOverdue = beat.dueAt !== null && beat.dueAt <= at
  if (beat.condition === 'down' || isOverdue) beat.recoveredAt = at
  beat.lastPingAt = Math.max(beat.lastPingAt ?? at, at)
}

const endRun = (beat: Beat, { at, rid, signal, durationMs }: PingDetails): void => {
  const run = beat.runs.find((each) => each.rid === (rid ?? ''))
  if (durationMs !== undefined) beat.lastDurationMs = durationMs
  else if (run !== undefined) beat.lastDurationMs = Math.max(0, at - run.at)
  // Without a run id, or when it fails, one end speaks for all that is under way.
  beat.runs = rid === undefined || signal === 'fail' ? [] : beat.runs.filter((each) => each !== run)
}

const beginRun = (beat: Beat, { at, rid = '' }: PingDetails, { runsMax }: BeatLimits): void => {
  const others = beat.runs.filter((run) => run.rid !== rid)
  beat.runs = [...others, { rid, at }].slice(-runsMax)
}

const isIgnored = ({ condition, definition }: Beat, { method }: PingDetails): boolean =>
  (condition === 'paused' && definition.manualResume) ||
  (definition.postOnly && method !== undefined && method !== 'POST')

/** What is told together must fit into a record of the log. */
const thinOut = (pings: HeartbeatPing[], { pingsToldMax, bodiesToldMax }: BeatLimits): void => {
  if (pings.length > pingsToldMax) pings.shift()
  const at = pings.length - 1 - bodiesToldMax
  const ping = pings[at]
  if (ping?.body === undefined) return
  const { body: _, ...rest } = ping
  pings[at] = rest
}

/** A sign of life, or of its opposite. */
export const takePing = (beat: Beat, ping: PingDetails, limits: BeatLimits): Verdict => {
  beat.pingCount += 1
  const ignored = isIgnored(beat, ping)
  beat.pings.push({ ...ping, number: beat.pingCount, ...(ignored ? { ignored } : {}) })
  thinOut(beat.pings, limits)
  if (ignored || ping.signal === 'log') return undefined
  const { at, signal } = ping
  if (signal === 'start') return change(beat, at, 'started', () => beginRun(beat, ping, limits))
  noteHeard(beat, at)
  return change(beat, at, signal === 'fail' ? 'failed' : 'pinged', () => {
    endRun(beat, ping)
    beat.condition = signal === 'fail' ? 'down' : 'up'
    if (signal === 'fail') beat.late = false
    else ownDue(beat, beat.lastPingAt!)
  })
}

/** Heard of without a ping of its own: counted, and no more is kept of it. */
export const takeSign = (beat: Beat, at: Millis): Verdict => {
  if (beat.condition === 'paused' && beat.definition.manualResume) return undefined
  beat.pingCount += 1
  noteHeard(beat, at)
  return change(beat, at, 'pinged', () => {
    beat.condition = 'up'
    ownDue(beat, at)
  })
}

export const pause = (beat: Beat, at: Millis): Verdict =>
  change(beat, at, 'paused', () => {
    beat.condition = 'paused'
    beat.runs = []
    beat.dueAt = null
    beat.late = false
  })

/** As good as new: it waits for its first ping. */
export const resume = (beat: Beat, at: Millis): Verdict =>
  beat.condition === 'paused'
    ? change(beat, at, 'resumed', () => {
        beat.condition = 'new'
      })
    : undefined

/** A person has changed it. A new schedule holds from its last ping, yet not from before now. */
export const redefine = (beat: Beat, definition: HeartbeatDefinition, at: Millis): Verdict => {
  beat.definition = definition
  beat.schedule = createSchedule(definition.schedule)
  beat.ownMade = false
  if (beat.condition !== 'up') return undefined
  return change(beat, at, 'defined', () => {
    ownDue(beat, beat.lastPingAt ?? at)
    if (beat.dueAt !== null) beat.dueAt = Math.max(beat.dueAt, at)
  })
}

/**
 * Faultline did not listen until now: a ping that was due about then may have been lost, so it
 * waits for the next one. What is due well after is judged as ever; what was down stays down.
 * @returns whether that concerned it
 */
export const restartGrace = (beat: Beat, at: Millis): boolean => {
  const { condition, dueAt, definition, runs } = beat
  if (condition === 'down') return false
  const expected = condition === 'up' && dueAt !== null && dueAt - definition.graceMs < at
  if (!expected && runs.length === 0) return false
  const next = condition === 'up' ? due(beat, at) : null
  const isLater = next !== null && next > (dueAt ?? 0)
  if (!isLater && runs.length === 0 && !beat.late) return false
  change(beat, at, 'grace-restarted', () => {
    beat.runs = []
    if (isLater || beat.late) beat.dueAt = next
    beat.late = false
    beat.graceRestartedAt = at
  })
  return true
}

/** What the world is told; the version grows with each telling. */
export const beatView = (beat: Beat): Heartbeat => {
  const { condition, dueAt, definition } = beat
  const missed = missedAt(beat)
  return {
    id: definition.id,
    version: beat.version,
    scope: definition.scope,
    status: statusOf(beat),
    since: beat.since,
    pingCount: beat.pingCount,
    ...(beat.lastPingAt === null ? {} : { lastPingAt: beat.lastPingAt }),
    ...(beat.lastDurationMs === null ? {} : { lastDurationMs: beat.lastDurationMs }),
    ...(beat.runs.length === 0 ? {} : { startedAt: beat.runs[0]!.at }),
    ...(condition === 'up' && dueAt !== null ? { nextDueAt: dueAt } : {}),
    ...(Number.isFinite(missed) ? { graceEndsAt: missed } : {}),
    ...(beat.graceRestartedAt === null ? {} : { graceRestartedAt: beat.graceRestartedAt }),
    ...(beat.ownMade ? { definition } : {}),
  }
}
