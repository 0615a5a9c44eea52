// What people find out about a problem, the change that is to fix it, and since when it is resolved.
import type { Migration } from '../migrate.ts'

export const problemRecords: Migration = {
  name: '0007-problem-records',
  statements: [
    `alter table problems add column details jsonb not null default '{}'`,
    'alter table problems add column fix_change_id text',
    'alter table problems add column created_at bigint not null default 0',
    'alter table problems add column resolved_at bigint',
    'update problems set created_at = last_at',
    'create index problems_by_fix on problems (fix_change_id) where fix_change_id is not null',
  ],
}
