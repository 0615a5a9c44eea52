// The first tables: positions, tickets, their timeline, commands, audit, outbox, CIs.
import type { Migration } from '../migrate.ts'

export const desk: Migration = {
  name: '0001-desk',
  statements: [
    `create table positions (
      topic text not null,
      partition integer not null,
      next_offset bigint not null,
      primary key (topic, partition)
    )`,
    'create table counters (name text primary key, value bigint not null)',
    `insert into counters (name, value) values ('change', 0)`,
    `create table incidents (
      id text primary key,
      number text not null unique,
      scope text not null,
      title text not null,
      status text not null,
      severity text not null,
      impact text not null,
      urgency text not null,
      priority text not null,
      priority_reason text,
      opened_at bigint not null,
      last_event_at bigint not null,
      acknowledged_at bigint,
      resolved_at bigint,
      closed_at bigint,
      alert_count integer not null,
      firing_count integer not null,
      occurrence_count bigint not null,
      assignee text,
      team text,
      hold_reason text,
      resolution text,
      problem_id text,
      merged_into text,
      reopen_count integer not null,
      reassignment_count integer not null,
      correlation jsonb not null,
      version integer not null,
      change bigint not null
    )`,
    'create index incidents_by_opening on incidents (opened_at desc, id desc)',
    'create index incidents_by_status on incidents (status, opened_at desc, id desc)',
    'create index incidents_by_change on incidents (change)',
    'create index incidents_by_problem on incidents (problem_id) where problem_id is not null',
    `create table alerts (
      id text primary key,
      version bigint not null,
      scope text not null,
      incident_id text,
      name text not null,
      ci text,
      severity text not null,
      status text not null,
      first_seen bigint not null,
      last_seen bigint not null,
      body jsonb not null
    )`,
    'create index alerts_by_incident on alerts (incident_id, status, last_seen desc, id desc)',
    'create index alerts_by_last_seen on alerts (last_seen desc, id desc)',
    'create index alerts_by_ci on alerts (ci, last_seen desc)',
    `create table timeline (
      id text primary key,
      ticket_id text not null,
      at bigint not null,
      ordinal bigint not null,
      kind text not null,
      text text not null,
      actor text,
      alert_id text
    )`,
    'create index timeline_by_ticket on timeline (ticket_id, at desc, ordinal desc, id desc)',
    `create table problems (
      id text primary key,
      number text not null unique,
      scope text not null,
      title text not null,
      status text not null,
      incident_count integer not null,
      first_at bigint not null,
      last_at bigint not null,
      assignee text,
      cause text,
      workaround text,
      candidate jsonb not null,
      version integer not null,
      change bigint not null
    )`,
    'create index problems_by_last on problems (last_at desc, id desc)',
    'create index problems_by_change on problems (change)',
    `create table command_results (
      id text primary key,
      at bigint not null,
      digest text not null,
      outcome jsonb not null
    )`,
    'create index command_results_by_time on command_results (at)',
    `create table audit (
      sequence bigint primary key,
      at bigint not null,
      actor text not null,
      action text not null,
      target text not null,
      entry text not null,
      hash text not null
    )`,
    'create index audit_by_target on audit (target, sequence desc)',
    `create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception 'the audit log is only appended to';
      end
    $$`,
    `create trigger audit_appends_only before update or delete on audit
      for each row execute function refuse_change()`,
    `create table outbox (
      sequence bigint primary key,
      topic text not null,
      key text,
      record text not null
    )`,
    `create table dead_letters (
      id text primary key,
      at bigint not null,
      source text not null,
      reason text not null,
      body jsonb not null
    )`,
    'create index dead_letters_by_time on dead_letters (at desc, id desc)',
    `create table cis (
      id text not null,
      kind text not null,
      name text not null,
      attributes jsonb not null,
      valid_from bigint not null,
      valid_to bigint,
      current boolean not null,
      primary key (id, valid_from)
    )`,
    'create unique index cis_current on cis (id) where current',
    `create table relations (
      from_ci text not null,
      to_ci text not null,
      type text not null,
      valid_from bigint not null,
      valid_to bigint,
      current boolean not null,
      primary key (from_ci, to_ci, type, valid_from)
    )`,
    'create unique index relations_current on relations (from_ci, to_ci, type) where current',
    'create index relations_by_target on relations (to_ci) where current',
  ],
}
