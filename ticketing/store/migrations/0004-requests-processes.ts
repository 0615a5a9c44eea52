// Service requests, and the register of processes and runbooks with their versions.
import type { Migration } from '../migrate.ts'

export const requestsAndProcesses: Migration = {
  name: '0004-requests-processes',
  statements: [
    `create table requests (
      id text primary key,
      number text not null unique,
      item text not null,
      title text not null,
      status text not null,
      requester text not null,
      assignee text,
      team text,
      form jsonb not null,
      due_at bigint,
      fulfilled_at bigint,
      created_at bigint not null,
      version integer not null,
      change bigint not null
    )`,
    'create index requests_by_time on requests (created_at desc, id desc)',
    `create table processes (
      id text primary key,
      name text not null,
      kind text not null,
      owner text,
      review_by bigint,
      retired boolean not null,
      body jsonb not null,
      updated_at bigint not null,
      version integer not null
    )`,
    'create index processes_by_name on processes (name, id)',
    `create table process_versions (
      id text primary key,
      process_id text not null,
      version integer not null,
      at bigint not null,
      actor text not null,
      body jsonb not null
    )`,
    'create index process_versions_by_process on process_versions (process_id, version desc)',
  ],
}
