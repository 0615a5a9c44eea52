// Decides, as a ticket moves, who is to be told; the decision commits with the move itself.
import { and, eq, inArray } from 'drizzle-orm'
import type { Millis } from '../../domain/time.ts'
import { cisUnderMaintenance } from '../changes/windows.ts'
import { ratingToken } from '../status/rating-link.ts'
import { type IncidentRow, notifications } from '../store/schema.ts'
import type { Work } from '../work.ts'
import type { Message } from './channels/channel.ts'
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

/** Why nobody is to be told of this incident now, or undefined. */
const mutedBy = async (work: Work, row: IncidentRow, at: Millis): Promise<string | undefined> => {
  if (row.correlation.muted === true) return 'every alert of it is muted'
  const maintained = await cisUnderMaintenance(work.sql, at)
  const { cis } = row.correlation
  return cis.length > 0 && cis.every((ci) => maintained.has(ci))
    ? 'everything it touches is under maintenance'
    : undefined
}

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
      const id = `${row.id}@${row.version}/${rule.name}`
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
  const told = await work.sql
    .selectDistinct({ channel: notifications.channel })
    .from(notifications)
    .where(
      and(
        eq(notifications.incidentId, row.id),
        // A dead one may have arrived: a target can take what it never answers.
        inArray(notifications.status, ['pending', 'claimed', 'sent', 'dead']),
      ),
    )
    .orderBy(notifications.channel)
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
  const muted = await mutedBy(work, row, move.at)
  await insert(work, announcements(work, row, event, move, muted))
}
