// The figures of every KPI that measures a duration.

/**
 * Mean beside median and 90th percentile: a mean alone hides what one long night does to it.
 * Percentiles interpolate linearly between neighbours, as spreadsheets' PERCENTILE.INC does.
 */
export const durationValues = (column: string): Record<string, string> => ({
  mean: `avg(${column})`,
  p50: `quantileExactInclusive(0.5)(${column})`,
  p90: `quantileExactInclusive(0.9)(${column})`,
})

/** What incident tickets can be told apart by. */
export const TICKET_DIMENSIONS = {
  priority: 'priority',
  severity: 'severity',
  service: 'service',
  team: 'team',
  assignee: 'assignee',
  scope: 'scope',
} as const

/** What incidents can be told apart by, as the correlator tells them. */
export const INCIDENT_DIMENSIONS = { severity: 'severity', scope: 'scope', ci: 'ci' } as const
