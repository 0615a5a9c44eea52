// Who is to be told of what, by which channel, and when not.
import type { Millis } from '../../domain/time.ts'
import type { Priority } from '../priority.ts'
import type { ChannelSettings } from './channels/registry.ts'

/** What can happen to an incident that people may want to hear of. */
export const NOTIFICATION_EVENTS = [
  'opened',
  'acknowledged',
  'assigned',
  'priority-changed',
  'reopened',
  'sla-warning',
  'sla-breach',
] as const
/** A resolution needs no rule: it follows every announcement. */
export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number] | 'resolved'

export interface NotificationRule {
  readonly name: string
  readonly events: readonly NotificationEvent[]
  /** Each condition that is given must hold. */
  readonly priorities?: readonly Priority[]
  readonly scopes?: readonly string[]
  readonly teams?: readonly string[]
  readonly cis?: readonly string[]
  /** Name of a channel, or `on-call:<rotation>`. */
  readonly channel: string
  /** Name of a business calendar: outside its hours the notification waits for them. */
  readonly hours?: string
  /** While nobody has taken the incident up, these are told too, so long after its opening. */
  readonly escalation?: readonly { readonly afterMs: Millis; readonly channel: string }[]
}

export interface Rotation {
  /** Names of channels, one a person, in turn. */
  readonly members: readonly string[]
  /** ISO time at which the first member's first shift begins. */
  readonly from: string
  readonly shiftMs: Millis
  readonly overrides?: readonly {
    readonly from: string
    readonly to: string
    readonly member: string
  }[]
}

export interface NotificationSettings {
  readonly channels: Readonly<Record<string, ChannelSettings>>
  readonly rotations: Readonly<Record<string, Rotation>>
  readonly rules: readonly NotificationRule[]
  /** Where people open the console, for links; no trailing slash. */
  readonly publicUrl?: string
  /** What was to be said longer ago than this and never was is not said any more. */
  readonly staleAfterMs: Millis
  readonly attemptsMax: number
}

export const DEFAULT_NOTIFICATION_SETTINGS: NotificationSettings = {
  channels: {},
  rotations: {},
  rules: [],
  staleAfterMs: 6 * 3_600_000,
  attemptsMax: 10,
}

const ON_CALL = 'on-call:'

/** Whose turn it is: an override, or the member of the shift. */
export const onCallAt = (
  { members, from, shiftMs, overrides = [] }: Rotation,
  at: Millis,
): string => {
  const override = overrides.find((each) => Date.parse(each.from) <= at && at < Date.parse(each.to))
  if (override !== undefined) return override.member
  const shift = Math.floor((at - Date.parse(from)) / shiftMs)
  return members[((shift % members.length) + members.length) % members.length]!
}

/** The channel that a rule's words come to at an instant. */
export const channelAt = (
  { rotations }: NotificationSettings,
  channel: string,
  at: Millis,
): string => {
  const rotation = channel.startsWith(ON_CALL)
    ? rotations[channel.slice(ON_CALL.length)]
    : undefined
  return rotation === undefined ? channel : onCallAt(rotation, at)
}

const rotationFaults = ({ rotations, channels }: NotificationSettings): string[] =>
  Object.entries(rotations).flatMap(([name, { members, from, shiftMs, overrides = [] }]) => [
    ...(members.length === 0 ? [`rotation ${name} has no members`] : []),
    ...(Number.isNaN(Date.parse(from)) ? [`rotation ${name}: ${from} is no time`] : []),
    ...(shiftMs > 0 ? [] : [`rotation ${name}: shiftMs must be above 0`]),
    ...[...members, ...overrides.map(({ member }) => member)]
      .filter((member) => channels[member] === undefined)
      .map((member) => `rotation ${name} names an unknown channel ${member}`),
  ])

/** What makes no sense in the settings, one sentence each. */
export const notificationFaults = (
  settings: NotificationSettings,
  calendars: ReadonlySet<string>,
): string[] => {
  const { channels, rotations, rules } = settings
  const known = (channel: string): boolean =>
    channel.startsWith(ON_CALL)
      ? rotations[channel.slice(ON_CALL.length)] !== undefined
      : channels[channel] !== undefined
  const faults = rotationFaults(settings)
  const names = new Set<string>()
  for (const { name, channel, hours, escalation = [] } of rules) {
    if (names.has(name)) faults.push(`there are two notification rules called ${name}`)
    names.add(name)
    for (const each of [channel, ...escalation.map((step) => step.channel)])
      if (!known(each)) faults.push(`notification rule ${name} names an unknown channel ${each}`)
    if (hours !== undefined && !calendars.has(hours))
      faults.push(`notification rule ${name} names an unknown calendar ${hours}`)
  }
  return faults
}
