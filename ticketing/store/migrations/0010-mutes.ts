// Silences, and maintenance windows that recur or go by matchers.
import type { Migration } from '../migrate.ts'

export const mutesMigration: Migration = {
  name: '0010-mutes',
  statements: [
    `create table silences (
      id text primary key,
      matchers jsonb not null,
      comment text not null,
      created_by text not null,
      starts_at bigint not null,
      ends_at bigint not null,
      updated_at bigint not null,
      version integer not null
    )`,
    'create index silences_by_end on silences (ends_at desc, id desc)',
    // Windows of before were never told to the correlator: the next tick does.
    `alter table maintenance_windows
      add column matchers jsonb,
      add column recurrence jsonb,
      add column version integer not null default 1,
      add column tell_again_at bigint default 0`,
    `create index maintenance_windows_to_tell on maintenance_windows (tell_again_at)
      where tell_again_at is not null`,
  ],
}
