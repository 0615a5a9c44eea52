// Asking for alerts, whichever incident they belong to.
import { and, desc, eq, sql } from 'drizzle-orm'
import type { AlertStatus } from '../../domain/event.ts'
import type { Severity } from '../../domain/severity.ts'
import type { AlertView, Page } from '../api/schemas.ts'
import { type Keyset, toPage } from '../cursor.ts'
import { alertsOf, type LimitedTo } from '../people/team-limits.ts'
import type { DeskSql } from '../store/database.ts'
import { alerts } from '../store/schema.ts'
import { containing } from './queries.ts'
import { alertView } from './views.ts'

export interface AlertFilter {
  readonly status?: AlertStatus
  readonly severity?: Severity
  readonly incident?: string
  readonly ci?: string
  readonly scope?: string
  /** In the alert's name, any case. */
  readonly q?: string
  readonly limitedTo?: LimitedTo
}

export const alertQueries = (database: DeskSql) => ({
  /** Last seen first. */
  async listAlerts(filter: AlertFilter, limit: number, after?: Keyset): Promise<Page<AlertView>> {
    const { status, severity, incident, ci, scope, q } = filter
    const rows = await database
      .select()
      .from(alerts)
      .where(
        and(
          status && eq(alerts.status, status),
          severity && eq(alerts.severity, severity),
          incident === undefined ? undefined : eq(alerts.incidentId, incident),
          ci === undefined ? undefined : eq(alerts.ci, ci),
          scope === undefined ? undefined : eq(alerts.scope, scope),
          q === undefined ? undefined : sql`${alerts.name} ilike ${containing(q)}`,
          alertsOf(filter.limitedTo),
          after && sql`(${alerts.lastSeen}, ${alerts.id}) < (${after.key}, ${after.id})`,
        ),
      )
      .orderBy(desc(alerts.lastSeen), desc(alerts.id))
      .limit(limit + 1)
    return toPage(
      rows,
      limit,
      ({ body }) => alertView(body),
      (row) => ({ key: row.lastSeen, id: row.id }),
    )
  },
})
