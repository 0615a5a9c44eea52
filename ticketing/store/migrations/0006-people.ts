// Who may come in: users, teams, API tokens and sessions, secrets as hashes only.
import type { Migration } from '../migrate.ts'

export const peopleMigration: Migration = {
  name: '0006-people',
  statements: [
    `create table users (
      id text primary key,
      display_name text,
      email text,
      roles jsonb not null,
      teams jsonb not null,
      limited_to_teams boolean not null,
      password_hash text,
      external text unique,
      disabled boolean not null,
      created_at bigint not null,
      version integer not null
    )`,
    `create table teams (
      id text primary key,
      title text not null,
      retired boolean not null,
      version integer not null
    )`,
    `create table api_tokens (
      id text primary key,
      name text not null,
      sha256 text not null unique,
      roles jsonb not null,
      teams jsonb,
      ingest boolean not null,
      created_by text not null,
      created_at bigint not null,
      expires_at bigint not null,
      revoked_at bigint
    )`,
    `create table sessions (
      id text primary key,
      user_id text not null,
      via text not null,
      opened_at bigint not null,
      seen_at bigint not null,
      expires_at bigint not null
    )`,
    'create index sessions_by_user on sessions (user_id, opened_at)',
    'create index sessions_by_expiry on sessions (expires_at)',
  ],
}
