// The service desk: what the roles, the API and the command line need of it, in one place.
import { eq } from 'drizzle-orm'
import type { Log } from '../domain/ports/log.ts'
import type { AppliedCommand } from './commands/apply.ts'
import { createDelivery, type Delivery, type Send } from './notifications/delivery.ts'
import { notificationFaults } from './notifications/settings.ts'
import { publishOutbox } from './outbox.ts'
import { createProjection, type Projection } from './projection.ts'
import { createQueries, type DeskQueries } from './queries.ts'
import { type Catalogue, createCatalogue } from './requests/catalogue.ts'
import { DEFAULT_DESK_SETTINGS, type DeskSettings } from './settings.ts'
import type { DeskDatabase } from './store/database.ts'
import { commandResults } from './store/schema.ts'
import { createSync, type Sync, type SyncOptions } from './sync/engine.ts'

export { DESK_TOPICS } from './records.ts'

export interface Desk extends Projection {
  /** Brings what was decided to the log; see outbox.ts. */
  publishOutbox(log: Log): Promise<number>
  /** What is stored of an applied command. */
  result(commandId: string): Promise<AppliedCommand | undefined>
  /**
   * Called after each commit in this process, with the commands that it applied.
   * @returns how to stop listening
   */
  onApplied(listener: (commands: readonly AppliedCommand[]) => void): () => void
  readonly queries: DeskQueries
  /** What can be asked for. */
  readonly catalogue: Catalogue
  /** Sends what people are to be told; see notifications/delivery.ts. */
  createDelivery(send: Send): Delivery
  /** Keeps other desks in step; see sync/engine.ts. */
  createSync(options: Pick<SyncOptions, 'http' | 'append'>): Sync
  check(): Promise<void>
}

/** @throws RangeError or Error when the settings make no sense */
export const createDesk = (options: {
  readonly database: DeskDatabase
  readonly settings?: Partial<DeskSettings>
}): Desk => {
  const { sql, check } = options.database
  const settings: DeskSettings = { ...DEFAULT_DESK_SETTINGS, ...options.settings }
  const listeners = new Set<(commands: readonly AppliedCommand[]) => void>()
  const catalogue = createCatalogue(settings.catalogue)
  const calendars = new Set(['always', ...Object.keys(settings.calendars)])
  const faults = notificationFaults(settings.notifications, calendars)
  if (faults.length > 0) throw new RangeError(faults.join('; '))
  const projection = createProjection(sql, settings, catalogue, (commands) => {
    for (const listener of listeners) listener(commands)
  })
  return {
    ...projection,
    catalogue,
    queries: createQueries(sql),
    publishOutbox: (log) => publishOutbox(sql, log),
    async result(commandId) {
      const [row] = await sql.select().from(commandResults).where(eq(commandResults.id, commandId))
      if (row === undefined) return undefined
      return { id: row.id, digest: row.digest, outcome: row.outcome }
    },
    onApplied(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    createDelivery: (send) => createDelivery(sql, settings, send),
    createSync: (options) => createSync({ database: sql, settings, ...options }),
    check,
  }
}
