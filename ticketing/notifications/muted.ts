// What was not said because an incident was muted: kept, and said once the mute ends.
import { and, asc, eq } from 'drizzle-orm'
import type { IncidentRow, NotificationRow } from '../store/schema.ts'
import { notifications } from '../store/schema.ts'
import type { Work } from '../work.ts'
import type { NotificationEvent } from './settings.ts'

/** Why nobody is to be told of this incident now, or undefined: the correlator says. */
export const mutedBy = ({ correlation }: IncidentRow): string | undefined =>
  correlation.muted === true
    ? (correlation.muting?.[0]?.text ?? 'every alert of it is muted')
    : undefined

/** It is muted from now on: what has not been said yet waits. */
export const holdBack = (work: Work, row: IncidentRow) =>
  work.sql
    .update(notifications)
    .set({ status: 'muted', detail: mutedBy(row) ?? null })
    .where(
      and(
        eq(notifications.incidentId, row.id),
        eq(notifications.status, 'pending'),
        eq(notifications.attempts, 0),
      ),
    )

/** What was held back of it, taken off the shelf: the newest of each event, in order. */
export const takeHeldBack = async (
  work: Work,
  row: IncidentRow,
): Promise<ReadonlyMap<NotificationEvent, NotificationRow>> => {
  const held = and(eq(notifications.incidentId, row.id), eq(notifications.status, 'muted'))
  const rows = await work.sql
    .select()
    .from(notifications)
    .where(held)
    .orderBy(asc(notifications.sequence))
  if (rows.length > 0)
    await work.sql
      .update(notifications)
      .set({ status: 'cancelled', detail: 'the mute has ended; see what was said then' })
      .where(held)
  const newest = new Map<NotificationEvent, NotificationRow>()
  for (const each of rows) newest.set(each.event, each)
  return newest
}
