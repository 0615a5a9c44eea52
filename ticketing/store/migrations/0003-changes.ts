// Changes with their assessments and votes, and the maintenance windows that they open.
import type { Migration } from '../migrate.ts'

export const changesMigration: Migration = {
  name: '0003-changes',
  statements: [
    `create table changes (
      id text primary key,
      number text not null unique,
      title text not null,
      type text not null,
      status text not null,
      requester text not null,
      assignee text,
      cis jsonb not null,
      planned_start bigint not null,
      planned_end bigint not null,
      started_at bigint,
      ended_at bigint,
      outcome text,
      risk text,
      body jsonb not null,
      assessment jsonb,
      votes jsonb not null,
      incident_ids jsonb not null,
      created_at bigint not null,
      version integer not null,
      change bigint not null
    )`,
    'create index changes_by_start on changes (planned_start desc, id desc)',
    'create index changes_by_status on changes (status, planned_start)',
    `create table maintenance_windows (
      id text primary key,
      title text not null,
      cis jsonb not null,
      starts_at bigint not null,
      ends_at bigint not null,
      created_by text not null,
      change_id text,
      cancelled boolean not null
    )`,
    'create index maintenance_windows_by_end on maintenance_windows (ends_at desc, id desc)',
  ],
}
