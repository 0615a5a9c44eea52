// What changed since: every change of a ticket has a number that only grows.
import { asc, gt, max } from 'drizzle-orm'
import type { StreamEvent } from './api/schemas.ts'
import { incidentSummary } from './incidents/views.ts'
import { problemSummary } from './problems/queries.ts'
import type { DeskSql } from './store/database.ts'
import { incidents, problems } from './store/schema.ts'

export type NumberedEvent = StreamEvent & { readonly change: number }

export const streamQueries = (database: DeskSql) => ({
  /**
   * Tickets changed after `change`, each once and as it is now, oldest change first. Whoever was
   * away catches up with the state, not with every step towards it.
   */
  async changesAfter(change: number, limit: number): Promise<NumberedEvent[]> {
    const incidentRows = await database
      .select()
      .from(incidents)
      .where(gt(incidents.change, change))
      .orderBy(asc(incidents.change))
      .limit(limit)
    const problemRows = await database
      .select()
      .from(problems)
      .where(gt(problems.change, change))
      .orderBy(asc(problems.change))
      .limit(limit)
    const events: NumberedEvent[] = [
      ...incidentRows.map((row) => ({
        event: 'incident' as const,
        change: row.change,
        data: incidentSummary(row),
      })),
      ...problemRows.map((row) => ({
        event: 'problem' as const,
        change: row.change,
        data: problemSummary(row),
      })),
    ]
    return events.sort((a, b) => a.change - b.change).slice(0, limit)
  },

  async lastChange(): Promise<number> {
    const [incident] = await database.select({ last: max(incidents.change) }).from(incidents)
    const [problem] = await database.select({ last: max(problems.change) }).from(problems)
    return Math.max(incident?.last ?? 0, problem?.last ?? 0)
  },
})
