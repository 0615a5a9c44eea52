// Who is to be told of what, by which channel, and when not.
import { z } from 'zod'
import { DAY_MS, HOUR_MS, MINUTE_MS, type Millis } from '../../domain/time.ts'
import { PRIORITIES } from '../priority.ts'
import { channelSettings } from './channels/registry.ts'

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
/** A resolution needs no rule: it follows every announcement. A test is asked for by a person. */
export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number] | 'resolved' | 'test'

const name = z.string().min(1).max(200)
const names = z.array(name).readonly()
const durationMs = z.number().int().positive()

const rule = z.strictObject({
  name,
  events: z.array(z.enum(NOTIFICATION_EVENTS)).readonly(),
  priorities: z.array(z.enum(PRIORITIES)).readonly().exactOptional(),
  scopes: names.exactOptional(),
  teams: names.exactOptional(),
  cis: names.exactOptional().describe('Where one of these is touched'),
  channel: name.describe('Name of a channel, or on-call:<rotation>'),
  hours: name
    .exactOptional()
    .describe('Name of a business calendar: outside its hours the notification waits for them'),
  escalation: z
    .array(z.strictObject({ afterMs: durationMs, channel: name }))
    .readonly()
    .exactOptional()
    .describe('While nobody has taken the incident up, these are told too'),
})
export type NotificationRule = z.output<typeof rule>

const rotation = z.strictObject({
  members: names.describe('Names of channels, one a person, in turn'),
  from: z.string().describe("ISO time at which the first member's first shift begins"),
  shiftMs: z.number().int(),
  overrides: z
    .array(z.strictObject({ from: z.string(), to: z.string(), member: name }))
    .readonly()
    .exactOptional(),
})
type Rotation = z.output<typeof rotation>

const smtp = z.strictObject({
  host: name,
  port: z.number().int().min(1).max(65_535).default(587),
  tls: z
    .enum(['starttls', 'implicit', 'none'])
    .default('starttls')
    .describe('starttls is demanded, not tried; implicit is usual on port 465'),
  user: z.string().exactOptional(),
  password: z.string().exactOptional(),
})
export type SmtpSettings = z.output<typeof smtp>

export const notificationSettingsSchema = z.strictObject({
  channels: z.record(name, channelSettings).default({}),
  rotations: z.record(name, rotation).default({}),
  rules: z.array(rule).readonly().default([]).describe('Who is told of what; each that fits holds'),
  smtp: smtp.exactOptional().describe('The server that mail goes to'),
  publicUrl: z
    .string()
    .regex(/^https?:\/\/.*[^/]$/, 'must be an http(s) URL without a trailing slash')
    .exactOptional()
    .describe('Where people open the console, for links'),
  staleAfterMs: durationMs
    .default(6 * HOUR_MS)
    .describe('What was to be said longer ago than this and never was is not said any more'),
  reopenedEveryMs: durationMs
    .default(15 * MINUTE_MS)
    .describe('An incident that comes and goes is announced again at most this often'),
  attemptsMax: z.number().int().min(1).max(100).default(10).describe('Then it is a dead letter'),
  keptMs: durationMs
    .default(90 * DAY_MS)
    .describe('Notifications of closed incidents are kept this long'),
})

export type NotificationSettings = z.output<typeof notificationSettingsSchema>

export const DEFAULT_NOTIFICATION_SETTINGS: NotificationSettings = notificationSettingsSchema.parse(
  {},
)

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
  const { channels, rotations, rules, smtp } = settings
  const known = (channel: string): boolean =>
    channel.startsWith(ON_CALL)
      ? rotations[channel.slice(ON_CALL.length)] !== undefined
      : channels[channel] !== undefined
  const faults = rotationFaults(settings)
  for (const [id, { kind }] of Object.entries(channels))
    if (kind === 'email' && smtp === undefined)
      faults.push(`channel ${id} is mail, and smtp names no server`)
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
