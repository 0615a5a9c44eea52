// The arithmetic of one service level clock: what has passed of its target, and when it is due.
import type { Millis } from '../../domain/time.ts'
import type { Calendar } from './calendar.ts'

/** A stretch of time during which the clock ran; the last one may still be open. */
export interface Run {
  readonly from: Millis
  readonly to?: Millis
}

/** Pauses of one ticket that are told apart; at the limit the last one is counted as if it ran. */
const RUNS_MAX = 500

export const isRunning = (runs: readonly Run[]): boolean => {
  const last = runs.at(-1)
  return last !== undefined && last.to === undefined
}

export const start = (runs: readonly Run[], at: Millis): readonly Run[] => {
  if (isRunning(runs)) return runs
  if (runs.length < RUNS_MAX) return [...runs, { from: at }]
  return [...runs.slice(0, -1), { from: runs.at(-1)!.from }]
}

export const stop = (runs: readonly Run[], at: Millis): readonly Run[] => {
  const last = runs.at(-1)
  if (last === undefined || last.to !== undefined) return runs
  return [...runs.slice(0, -1), { from: last.from, to: Math.max(last.from, at) }]
}

export const elapsed = (calendar: Calendar, runs: readonly Run[], now: Millis): Millis =>
  runs.reduce((sum, { from, to }) => sum + calendar.between(from, to ?? now), 0)

/**
 * When `amount` of business time has passed on this clock: in the past if it has, in the future
 * if the clock goes on as it is, undefined where it stands still before that.
 */
export const reaches = (
  calendar: Calendar,
  runs: readonly Run[],
  amount: Millis,
): Millis | undefined => {
  let left = amount
  for (const { from, to } of runs) {
    const at = calendar.after(from, left)
    if (at !== undefined && (to === undefined || at <= to)) return at
    if (to !== undefined) left -= calendar.between(from, to)
  }
  return undefined
}

export interface ClockReading {
  readonly elapsedMs: Millis
  /** When the target is used up, if the clock goes on as it is or has gone that far. */
  readonly dueAt?: Millis
  /** When the warning share of the target is used up, likewise. */
  readonly warnAt?: Millis
  /** More than the target has passed. */
  readonly breached: boolean
}

/** All of it follows from the runs: a new target or calendar midway needs no memory of the old. */
export const read = (
  calendar: Calendar,
  runs: readonly Run[],
  targetMs: Millis,
  warnAtShare: number,
  now: Millis,
): ClockReading => {
  const elapsedMs = elapsed(calendar, runs, now)
  const dueAt = reaches(calendar, runs, targetMs)
  const warnAt = reaches(calendar, runs, Math.floor(targetMs * warnAtShare))
  return {
    elapsedMs,
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(warnAt === undefined ? {} : { warnAt }),
    breached: elapsedMs > targetMs,
  }
}
