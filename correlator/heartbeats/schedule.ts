// When the next sign of life is due: by period, by cron, or by systemd's OnCalendar.
import { Cron } from 'croner'
import type { HeartbeatSchedule } from '../../domain/heartbeat.ts'
import { readOnCalendar } from '../../domain/on-calendar.ts'
import type { Millis } from '../../domain/time.ts'

export interface Schedule {
  /** The first due time after `at`; infinity where there is none any more. */
  nextDue(at: Millis): Millis
}

/** No schedule has anything due beyond this; a Date could not say it either. */
const NEVER = Number.POSITIVE_INFINITY

/**
 * Reads a schedule once. It was checked when it was defined; one that cannot be read by this
 * version is never due, so that an old log still replays.
 */
export const createSchedule = (schedule: HeartbeatSchedule): Schedule => {
  if (schedule.kind === 'period') return { nextDue: (at) => at + schedule.periodMs }
  const crons = readCrons(schedule)
  return {
    nextDue: (at) => {
      let next = NEVER
      for (const cron of crons) next = Math.min(next, nextRun(cron, at))
      return next
    },
  }
}

/** Total: a time zone that this installation does not know must not stop the correlator. */
const nextRun = (cron: Cron, at: Millis): Millis => {
  try {
    return cron.nextRun(new Date(at))?.getTime() ?? NEVER
  } catch {
    return NEVER
  }
}

const readCrons = (schedule: Exclude<HeartbeatSchedule, { kind: 'period' }>): Cron[] => {
  const { expression, timeZone: timezone } = schedule
  try {
    if (schedule.kind === 'cron') return [new Cron(expression, { timezone, paused: true })]
    const reading = readOnCalendar(expression)
    if (reading.kind === 'fault') return []
    return reading.patterns.map(
      ({ pattern, timeZone = timezone }) =>
        new Cron(pattern, { timezone: timeZone, paused: true, mode: '7-part', domAndDow: true }),
    )
  } catch {
    return []
  }
}
