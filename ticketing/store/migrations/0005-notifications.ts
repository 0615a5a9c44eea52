// Notifications: a queue of what people are to be told, each with what became of it.
import type { Migration } from '../migrate.ts'

export const notificationsMigration: Migration = {
  name: '0005-notifications',
  statements: [
    `create table notifications (
      id text primary key,
      sequence bigint not null,
      incident_id text not null,
      rule text not null,
      channel text not null,
      event text not null,
      status text not null,
      message jsonb not null,
      due_at bigint not null,
      created_at bigint not null,
      claimed_until bigint,
      attempts integer not null,
      sent_at bigint,
      detail text
    )`,
    `create index notifications_due on notifications (due_at, sequence)
      where status in ('pending', 'claimed')`,
    'create index notifications_by_incident on notifications (incident_id, channel)',
    'create index notifications_by_sequence on notifications (sequence desc)',
  ],
}
