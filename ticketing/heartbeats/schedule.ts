// Reads the schedule that a person wrote, and says what is wrong with it.
import { Cron } from 'croner'
import type { HeartbeatSchedule } from '../../domain/heartbeat.ts'
import { readOnCalendar } from '../../domain/on-calendar.ts'
import { isTimeZone, type Millis } from '../../domain/time.ts'
import { DEFAULT_PERIOD_MS } from './limits.ts'

export interface WrittenSchedule {
  readonly periodSeconds?: number
  readonly schedule?: string
  readonly timeZone?: string
}

export type ScheduleReading =
  | { readonly kind: 'ok'; readonly schedule: HeartbeatSchedule }
  | { readonly kind: 'fault'; readonly detail: string }

/** Five or six fields, or a nickname: anything else is taken for an OnCalendar expression. */
const CRON = /^(@\w+|\S+(\s+\S+){4,5})$/

const fault = (detail: string): ScheduleReading => ({ kind: 'fault', detail })

const firstRun = (
  pattern: string,
  timezone: string,
  from: Millis,
  options: { mode?: '7-part'; domAndDow?: boolean } = {},
): string | undefined => {
  try {
    const next = new Cron(pattern, { timezone, paused: true, ...options }).nextRun(new Date(from))
    return next === null ? 'it is never due' : undefined
  } catch (error) {
    return (error as Error).message.replace(/^Cron\w+: /, '')
  }
}

/** @param from a schedule that is never due after this is refused */
export const readSchedule = (written: WrittenSchedule, from: Millis): ScheduleReading => {
  const { periodSeconds, schedule, timeZone = 'UTC' } = written
  if (schedule === undefined) {
    const periodMs = periodSeconds === undefined ? DEFAULT_PERIOD_MS : periodSeconds * 1_000
    return { kind: 'ok', schedule: { kind: 'period', periodMs } }
  }
  if (periodSeconds !== undefined) return fault('say either periodSeconds or schedule')
  if (!isTimeZone(timeZone)) return fault(`timeZone: "${timeZone}" is no IANA time zone`)
  const expression = schedule.trim()
  if (CRON.test(expression)) {
    const wrong = firstRun(expression, timeZone, from)
    if (wrong !== undefined) return fault(`schedule: ${wrong}`)
    return { kind: 'ok', schedule: { kind: 'cron', expression, timeZone } }
  }
  const reading = readOnCalendar(expression)
  if (reading.kind === 'fault') return fault(`schedule: ${reading.detail}`)
  for (const { pattern, timeZone: own = timeZone } of reading.patterns) {
    if (!isTimeZone(own)) return fault(`schedule: "${own}" is no IANA time zone`)
    const wrong = firstRun(pattern, own, from, { mode: '7-part', domAndDow: true })
    if (wrong !== undefined) return fault(`schedule: ${wrong}`)
  }
  return { kind: 'ok', schedule: { kind: 'on-calendar', expression, timeZone } }
}
