// Integrations with their keys, what came of deliveries, and dead letters offered again.
import type { Migration } from '../migrate.ts'

export const integrationsMigration: Migration = {
  name: '0009-integrations',
  statements: [
    `create table integrations (
      id text primary key,
      name text not null,
      source text,
      mapping jsonb,
      deliveries_per_minute_max integer not null,
      new_fingerprints_per_minute_max integer not null,
      disabled boolean not null,
      keys jsonb not null,
      created_by text not null,
      created_at bigint not null,
      version integer not null
    )`,
    `create table delivery_rings (
      id text primary key,
      sender text not null,
      at bigint not null,
      ring jsonb not null
    )`,
    'create index delivery_rings_by_sender on delivery_rings (sender, at)',
    'create index delivery_rings_by_time on delivery_rings (at)',
    `create table letter_replays (
      id text primary key,
      at bigint not null,
      actor text not null,
      status integer not null,
      accepted integer not null,
      reason text
    )`,
  ],
}
