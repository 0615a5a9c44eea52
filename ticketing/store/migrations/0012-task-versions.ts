// Tasks are changed by whoever saw them last, as tickets are: they have a version too.
import type { Migration } from '../migrate.ts'

export const taskVersions: Migration = {
  name: '0012-task-versions',
  statements: ['alter table tasks add column version integer not null default 1'],
}
