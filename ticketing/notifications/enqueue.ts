// Decides, as a ticket moves, who is to be told; the decision commits with the move itself.
import { and, desc, eq, inArray, max } from 'drizzle-orm'
import type { Millis } from '../../domain/time.ts'
import { ratingToken } from '../status/rating-link.ts'
import { type IncidentRow, notifications } from '../store/schema.ts'
import type { Work } from '../work.ts'
import type { Message } from './channels/channel.ts'
import { holdBack, mutedBy, takeHeldBack } from './muted.ts'
import { channelAt, type NotificationEvent, type NotificationRule } from './settings.ts'

/** What a transition's action means to those who listen. */
const EVENT_OF: ReadonlyMap<string, NotificationEvent> = new Map([
  ['open', 'opened'],
  ['acknowledge', 'acknowledged'],
  ['start', 'acknowledged'],
  ['assign', 'assigned'],
  ['prioritise', 'priority-changed'],
  ['reopen', 'reopened'],
  ['refire', 'reopened'],
  ['resolve', 'resolved'],
  ['recover', 'resolved'],
  ['absorb', 'resolved'],
  ['sla-response-warning', 'sla-warning'],
  ['sla-resolution-warning', 'sla-warning'],
  ['sla-response-breach', 'sla-breach'],
  ['sla-resolution-breach', 'sla-breach'],
])

interface Move {
  readonly action: string
  readonly at: Millis
  readonly text: string
}

const messageOf = (
  { settings }: Work,
  row: IncidentRow,
  event: NotificationEvent,
  { at, text }: Move,
): Message => {
  const { publicUrl } = settings.notifications
  return {
    event,
    incidentId: row.id,
    number: row.number,
    title: row.title,
    status: row.status,
    priority: row.priority,
    severity: row.severity,
    scope: row.scope,
    text: text === '' ? 'A new incident' : text,
    at,
    cis: row.correlation.cis,
    alertCount: row.alertCount,
    ...(publicUrl === undefined
      ? {}
      : { link: `${publicUrl}/incidents/${encodeURIComponent(row.id)}` }),
  }
}

/** Asks those who hear of a resolution how it was handled. */
const ratingLink = (
  { settings }: Work,
  row: IncidentRow,
  at: Millis,
): Pick<Message, 'ratingLink'> => {
  const { key, validMs } = settings.satisfaction
  const { publicUrl } = settings.notifications
  if (key === undefined || publicUrl === undefined || row.status === 'merged') return {}
  return { ratingLink: `${publicUrl}/rate/${ratingToken(key, row.id, at + validMs)}` }
}

const wants = (rule: NotificationRule, row: IncidentRow, event: NotificationEvent): boolean =>
  rule.events.some((each) => each === event) &&
  (rule.priorities?.includes(row.priority) ?? true) &&
  (rule.scopes?.includes(row.scope) ?? true) &&
  (rule.teams === undefined || (row.team !== null && rule.teams.includes(row.team))) &&
  (rule.cis?.some((ci) => row.correlation.cis.includes(ci)) ?? true)

type NewRow = typeof notifications.$inferInsert

const insert = async (work: Work, rows: readonly Omit<NewRow, 'sequence'>[]): Promise<void> => {
  if (rows.length === 0) return
  const numbered = rows.map((row) => ({ ...row, sequence: work.next('notification') }))
  await work.sql.insert(notifications).values(numbered).onConflictDoNothing()
}

/** What the rules ask for: the first word, and the steps while nobody takes it up. */
const announcements = (
  work: Work,
  row: IncidentRow,
  event: NotificationEvent,
  move: Move,
  muted: string | undefined,
  mark = `${row.id}@${row.version}`,
): Omit<NewRow, 'sequence'>[] => {
  const settings = work.settings.notifications
  const common = {
    incidentId: row.id,
    event,
    status: muted === undefined ? ('pending' as const) : ('muted' as const),
    message: messageOf(work, row, event, move),
    createdAt: move.at,
    attempts: 0,
    detail: muted ?? null,
  }
  return settings.rules
    .filter((rule) => wants(rule, row, event))
    .flatMap((rule) => {
      const opens =
        rule.hours === undefined ? move.at : work.sla.calendar(rule.hours).after(move.at, 1)
      const dueAt = rule.hours === undefined || opens === undefined ? move.at : opens - 1
      const id = `${mark}/${rule.name}`
      const steps = event === 'opened' || event === 'reopened' ? (rule.escalation ?? []) : []
      return [
        {
          ...common,
          id,
          rule: rule.name,
          dueAt,
          channel: channelAt(settings, rule.channel, dueAt),
        },
        ...steps.map(({ afterMs, channel }, index) => ({
          ...common,
          id: `${id}/${index + 1}`,
          rule: `${rule.name}, step ${index + 1}`,
          dueAt: dueAt + afterMs,
          channel: channelAt(settings, channel, dueAt + afterMs),
        })),
      ]
    })
}

/** What has not been said yet of an incident need not be said any more. */
const callOff = (work: Work, row: IncidentRow, onlySteps: boolean, why: string) =>
  work.sql
    .update(notifications)
    .set({ status: 'cancelled', detail: why })
    .where(
      and(
        eq(notifications.incidentId, row.id),
        eq(notifications.status, 'pending'),
        eq(notifications.attempts, 0),
        onlySteps ? inArray(notifications.event, ['opened', 'reopened']) : undefined,
      ),
    )

/** A resolution goes wherever the incident was announced, or may have been. */
const followUp = async (work: Work, row: IncidentRow, move: Move): Promise<void> => {
  await callOff(work, row, false, 'resolved before it was sent')
  const newest = await work.sql
    .selectDistinctOn([notifications.channel], {
      channel: notifications.channel,
      event: notifications.event,
    })
    .from(notifications)
    .where(
      and(
        eq(notifications.incidentId, row.id),
        // A dead one may have arrived: a target can take what it never answers.
        inArray(notifications.status, ['pending', 'claimed', 'sent', 'dead']),
      ),
    )
    .orderBy(notifications.channel, desc(notifications.sequence))
  // Where the last word was that it is resolved, it is known.
  const told = newest.filter(({ event }) => event !== 'resolved')
  const message = { ...messageOf(work, row, 'resolved', move), ...ratingLink(work, row, move.at) }
  await insert(
    work,
    told.map(({ channel }) => ({
      id: `${row.id}@${row.version}/resolved/${channel}`,
      incidentId: row.id,
      rule: 'resolution',
      channel,
      event: 'resolved' as const,
      status: 'pending' as const,
      message,
      dueAt: move.at,
      createdAt: move.at,
      attempts: 0,
    })),
  )
}

/** Called with each transition of an incident. */
export const enqueueNotifications = async (
  work: Work,
  row: IncidentRow,
  move: Move,
): Promise<void> => {
  const event = EVENT_OF.get(move.action)
  if (event === undefined || work.settings.notifications.rules.length === 0) return
  if (event === 'resolved') return followUp(work, row, move)
  if (event === 'acknowledged') await callOff(work, row, true, 'taken up before it was sent')
  const rows = announcements(work, row, event, move, mutedBy(row))
  await insert(work, event === 'reopened' ? await spaced(work, row, rows) : rows)
}

/** Events that say of an incident that it is there. */
const ANNOUNCEMENTS = ['opened', 'reopened'] as const

/**
 * One that comes and goes is not announced each time: the next word waits until the last is old
 * enough, and is called off should it have resolved by then.
 */
const spaced = async (work: Work, row: IncidentRow, rows: Omit<NewRow, 'sequence'>[]) => {
  const [last] = await work.sql
    .select({ dueAt: max(notifications.dueAt) })
    .from(notifications)
    .where(
      and(
        eq(notifications.incidentId, row.id),
        inArray(notifications.event, ANNOUNCEMENTS),
        inArray(notifications.status, ['pending', 'claimed', 'sent', 'dead']),
      ),
    )
  if (typeof last?.dueAt !== 'number') return rows
  const earliest = last.dueAt + work.settings.notifications.reopenedEveryMs
  return rows.map((each) => ({ ...each, dueAt: Math.max(each.dueAt, earliest) }))
}

/**
 * Called as the correlator says that an incident is muted now, or no longer. While it is muted
 * nothing is said; what was to be said is said once it is not, unless it is over or in somebody's hands.
 */
export const followMute = async (work: Work, row: IncidentRow, at: Millis): Promise<void> => {
  if (work.settings.notifications.rules.length === 0) return
  if (mutedBy(row) !== undefined) {
    await holdBack(work, row)
    return
  }
  const held = await takeHeldBack(work, row)
  const waiting = row.status === 'new' || row.status === 'reopened'
  const whole = ANNOUNCEMENTS.findLast((event) => held.has(event))
  for (const [event, { message }] of held) {
    const announces = ANNOUNCEMENTS.some((each) => each === event)
    if (waiting && whole !== undefined ? event !== whole : announces) continue
    const move = {
      action: 'unmute',
      at,
      text: `No longer muted. Held back until now: ${message.text}`,
    }
    const mark = `${row.id}@${row.version}~${row.correlation.version}`
    await insert(work, announcements(work, row, event, move, undefined, `${mark}/${event}`))
  }
}
