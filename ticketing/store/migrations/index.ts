// Every migration, oldest first. A landed one is never edited: add the next.
import type { Migration } from '../migrate.ts'
import { desk } from './0001-desk.ts'
import { incidentWork } from './0002-incident-work.ts'
import { changesMigration } from './0003-changes.ts'
import { requestsAndProcesses } from './0004-requests-processes.ts'
import { notificationsMigration } from './0005-notifications.ts'
import { peopleMigration } from './0006-people.ts'
import { problemRecords } from './0007-problem-records.ts'
import { heartbeatsMigration } from './0008-heartbeats.ts'
import { integrationsMigration } from './0009-integrations.ts'
import { mutesMigration } from './0010-mutes.ts'
import { reportedChanges } from './0011-reported-changes.ts'
import { syncMigration } from './0012-sync.ts'
import { taskVersions } from './0012-task-versions.ts'
import { decisionsMigration } from './0013-decisions.ts'

export const MIGRATIONS: readonly Migration[] = [
  desk,
  incidentWork,
  changesMigration,
  requestsAndProcesses,
  notificationsMigration,
  peopleMigration,
  problemRecords,
  heartbeatsMigration,
  integrationsMigration,
  mutesMigration,
  reportedChanges,
  taskVersions,
  syncMigration,
  decisionsMigration,
]
