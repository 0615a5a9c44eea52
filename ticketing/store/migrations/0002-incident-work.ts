// What working an incident needs: tasks, service level clocks, roles and reviews.
import type { Migration } from '../migrate.ts'

export const incidentWork: Migration = {
  name: '0002-incident-work',
  statements: [
    `alter table incidents add column details jsonb not null default '{}'`,
    'alter table incidents add column due_at bigint',
    'alter table incidents add column breached boolean not null default false',
    'create index incidents_by_due on incidents (due_at) where due_at is not null',
    `create table tasks (
      id text primary key,
      ticket_id text not null,
      kind text not null,
      title text not null,
      status text not null,
      assignee text,
      created_at bigint not null,
      done_at bigint,
      done_by text,
      ordinal bigint not null
    )`,
    'create index tasks_by_ticket on tasks (ticket_id, ordinal)',
    `create table sla_clocks (
      id text primary key,
      ticket_id text not null,
      kind text not null,
      policy text not null,
      calendar text not null,
      target_ms bigint not null,
      runs jsonb not null,
      running boolean not null,
      elapsed_ms bigint not null,
      due_at bigint,
      warn_at bigint,
      warned boolean not null,
      breached boolean not null
    )`,
    'create index sla_clocks_by_due on sla_clocks (due_at) where running and not breached',
    'create index sla_clocks_by_warning on sla_clocks (warn_at) where running and not warned',
  ],
}
