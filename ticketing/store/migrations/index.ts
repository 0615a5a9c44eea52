// Every migration, oldest first. A landed one is never edited: add the next.
import type { Migration } from '../migrate.ts'
import { desk } from './0001-desk.ts'
import { incidentWork } from './0002-incident-work.ts'

export const MIGRATIONS: readonly Migration[] = [desk, incidentWork]
