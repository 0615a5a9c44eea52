// People's decisions about membership, to be taken back by their command's id.
import type { Migration } from '../migrate.ts'

export const decisionsMigration: Migration = {
  name: '0013-decisions',
  statements: [
    `create table decisions (
      id text primary key,
      incident_id text not null,
      scope text not null,
      at bigint not null,
      actor text not null,
      summary text not null,
      decision text not null,
      about text not null,
      undone_by text,
      undone_at bigint
    )`,
    'create index decisions_by_time on decisions (at)',
  ],
}
