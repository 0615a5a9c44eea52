// Which service level holds for a ticket: policies from the settings, the first that fits.
import { HOUR_MS, MINUTE_MS, type Millis } from '../../domain/time.ts'
import type { Priority } from '../priority.ts'
import { ALWAYS, type Calendar, type CalendarSettings, createCalendar } from './calendar.ts'

/** Until somebody takes it up; until it is resolved. */
export const SLA_KINDS = ['response', 'resolution'] as const
export type SlaKind = (typeof SLA_KINDS)[number]

export interface SlaPolicy {
  readonly name: string
  readonly kind: SlaKind
  /** A priority without a target has no service level by this policy. */
  readonly targetsMs: Readonly<Partial<Record<Priority, Millis>>>
  /** Name of a calendar, or `always`. */
  readonly calendar: string
  /** CI ids: holds for tickets that one of these suffers from. Absent = for all. */
  readonly services?: readonly string[]
  /** Share of the target after which people are warned, before the breach. */
  readonly warnAtShare: number
  /** Team that is told with the warning. */
  readonly escalateTo?: string
}

export const DEFAULT_SLA_POLICIES: readonly SlaPolicy[] = [
  {
    name: 'response',
    kind: 'response',
    calendar: 'always',
    warnAtShare: 0.75,
    targetsMs: {
      P1: 15 * MINUTE_MS,
      P2: 30 * MINUTE_MS,
      P3: 4 * HOUR_MS,
      P4: 8 * HOUR_MS,
      P5: 24 * HOUR_MS,
    },
  },
  {
    name: 'resolution',
    kind: 'resolution',
    calendar: 'always',
    warnAtShare: 0.75,
    targetsMs: {
      P1: 4 * HOUR_MS,
      P2: 8 * HOUR_MS,
      P3: 24 * HOUR_MS,
      P4: 72 * HOUR_MS,
      P5: 168 * HOUR_MS,
    },
  },
]

export interface SlaBook {
  /** @param suffers CIs that the ticket touches or reaches */
  choose(
    kind: SlaKind,
    priority: Priority,
    suffers: (ci: string) => boolean,
  ): { readonly policy: SlaPolicy; readonly targetMs: Millis } | undefined
  calendar(name: string): Calendar
  policy(name: string): SlaPolicy | undefined
}

/** @throws RangeError when the settings make no sense: an unknown calendar, hours that overlap … */
export const createSlaBook = (settings: {
  readonly calendars: Readonly<Record<string, CalendarSettings>>
  readonly slaPolicies: readonly SlaPolicy[]
}): SlaBook => {
  const calendars = new Map([['always', ALWAYS]])
  for (const [name, calendar] of Object.entries(settings.calendars))
    calendars.set(name, createCalendar(calendar))
  const policies = new Map<string, SlaPolicy>()
  for (const policy of settings.slaPolicies) {
    const { name, calendar, warnAtShare } = policy
    if (policies.has(name)) throw new RangeError(`there are two SLA policies called ${name}`)
    if (!calendars.has(calendar))
      throw new RangeError(`SLA policy ${name} names an unknown calendar ${calendar}`)
    if (!(warnAtShare > 0 && warnAtShare <= 1))
      throw new RangeError(`warnAtShare of SLA policy ${name} must be above 0 and at most 1`)
    policies.set(name, policy)
  }
  return {
    choose(kind, priority, suffers) {
      for (const policy of settings.slaPolicies) {
        const targetMs = policy.targetsMs[priority]
        if (policy.kind !== kind || targetMs === undefined) continue
        if (policy.services?.some(suffers) ?? true) return { policy, targetMs }
      }
      return undefined
    },
    /** A calendar that left the settings since is taken for `always`. */
    calendar: (name) => calendars.get(name) ?? ALWAYS,
    policy: (name) => policies.get(name),
  }
}
