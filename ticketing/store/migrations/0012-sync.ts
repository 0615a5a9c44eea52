// Incidents that other desks have too, and when those were last asked for news.
import type { Migration } from '../migrate.ts'

export const syncMigration: Migration = {
  name: '0012-sync',
  statements: [
    `create table sync_links (
      id text primary key,
      target text not null,
      incident_id text not null,
      remote_id text,
      remote_key text,
      remote_url text,
      wanted jsonb not null,
      seen jsonb,
      notes jsonb not null,
      status text not null,
      due_at bigint not null,
      claimed_until bigint,
      attempts integer not null,
      detail text
    )`,
    `create index sync_links_due on sync_links (target, due_at)
      where status in ('pending', 'claimed')`,
    'create index sync_links_by_incident on sync_links (incident_id)',
    'create index sync_links_by_remote on sync_links (target, remote_id)',
    `create table sync_polls (
      target text primary key,
      polled_at bigint not null,
      claimed_until bigint not null
    )`,
  ],
}
