// Asking for notifications: what was said, what waits, what could not be delivered; and the replay.
import { and, desc, eq, lt } from 'drizzle-orm'
import { Type } from 'typebox'
import { isoTime } from '../../domain/time.ts'
import type { Page } from '../api/schemas.ts'
import type { NotificationView } from '../api/work-schemas.ts'
import type { Command } from '../commands/command.ts'
import { refuse } from '../commands/outcome.ts'
import { type Keyset, toPage } from '../cursor.ts'
import { isOpen } from '../incidents/ticket.ts'
import { present, timeOrNone } from '../incidents/views.ts'
import type { DeskSql } from '../store/database.ts'
import { type NotificationRow, type NotificationState, notifications } from '../store/schema.ts'
import { trial } from './trial.ts'

const notificationView = (row: NotificationRow): NotificationView => ({
  id: row.id,
  incidentId: row.incidentId,
  number: row.message.number,
  rule: row.rule,
  channel: row.channel,
  event: row.event,
  status: row.status,
  text: row.message.text,
  dueAt: isoTime(row.dueAt),
  createdAt: isoTime(row.createdAt),
  attempts: row.attempts,
  ...present({ sentAt: timeOrNone(row.sentAt), detail: row.detail }),
})

export const notificationQueries = (database: DeskSql) => ({
  /** Newest first. */
  async listNotifications(
    filter: { readonly status?: NotificationState; readonly incident?: string },
    limit: number,
    after?: Keyset,
  ): Promise<Page<NotificationView>> {
    const rows = await database
      .select()
      .from(notifications)
      .where(
        and(
          filter.status && eq(notifications.status, filter.status),
          filter.incident === undefined ? undefined : eq(notifications.incidentId, filter.incident),
          after && lt(notifications.sequence, after.key),
        ),
      )
      .orderBy(desc(notifications.sequence))
      .limit(limit + 1)
    return toPage(rows, limit, notificationView, ({ sequence }) => ({ key: sequence, id: '' }))
  },

  async findNotification(id: string): Promise<NotificationView | undefined> {
    const [row] = await database.select().from(notifications).where(eq(notifications.id, id))
    return row && notificationView(row)
  },
})

/** A dead one is tried again from the beginning. */
const replay: Command = {
  body: Type.Object({}, { additionalProperties: false }),
  async apply(work, { target, at }) {
    const [row] = await work.sql.select().from(notifications).where(eq(notifications.id, target))
    if (row === undefined)
      return { outcome: refuse('not-found', `there is no notification ${target}`) }
    if (row.status !== 'dead')
      return {
        outcome: refuse('illegal-transition', `only a dead one is replayed: it is ${row.status}`),
      }
    const incident = await work.incidents.get(row.incidentId)
    if (row.event !== 'resolved' && incident !== undefined && !isOpen(incident.status))
      return {
        outcome: refuse('illegal-transition', `${incident.number} is over: it is no news any more`),
      }
    await work.sql
      .update(notifications)
      .set({ status: 'pending', attempts: 0, dueAt: at })
      .where(eq(notifications.id, target))
    return {
      outcome: { kind: 'applied', target },
      before: { status: 'dead' },
      after: { status: 'pending' },
    }
  },
}

export const notificationCommands = (): [string, Command][] => [
  ['notification.replay', replay],
  ['notification.test', trial],
]
