// Heartbeats: what is expected, how it stands, and what was heard of it lately.
import type { Migration } from '../migrate.ts'

export const heartbeatsMigration: Migration = {
  name: '0008-heartbeats',
  statements: [
    `create table heartbeats (
      id text primary key,
      uuid text,
      slug text not null,
      name text not null,
      description text not null,
      tags jsonb not null,
      definition jsonb not null,
      badge_key text not null,
      status text not null,
      state jsonb,
      state_version bigint not null,
      version integer not null,
      created_at bigint not null,
      created_by text not null,
      deleted boolean not null,
      change bigint not null
    )`,
    'create unique index heartbeats_uuid on heartbeats (uuid) where not deleted',
    'create unique index heartbeats_slug on heartbeats (slug) where not deleted',
    'create index heartbeats_name on heartbeats (name) where not deleted',
    'create index heartbeats_badge on heartbeats (badge_key)',
    'create index heartbeats_change on heartbeats (change)',
    'create index heartbeats_created on heartbeats (created_at desc, id desc) where not deleted',
    `create table heartbeat_pings (
      heartbeat_id text not null,
      slot integer not null,
      number bigint not null,
      body jsonb not null,
      primary key (heartbeat_id, slot)
    )`,
    `create table heartbeat_transitions (
      heartbeat_id text not null,
      version bigint not null,
      at bigint not null,
      from_status text not null,
      to_status text not null,
      reason text not null,
      primary key (heartbeat_id, version)
    )`,
    'create index heartbeat_transitions_at on heartbeat_transitions (at)',
  ],
}
