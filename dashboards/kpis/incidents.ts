// KPI: how many interruptions there were.
import type { Kpi } from './types.ts'

export const incidents: Kpi = {
  id: 'incidents',
  title: 'Incidents',
  question: 'How many interruptions were there?',
  formula: 'number of incidents',
  population: 'incidents opened in the range; those merged into another count as that other one',
  unit: 'count',
  good: 'down',
  from: 'incident_states',
  at: 'opened_at',
  values: { count: 'count()', alerts: 'sum(alert_count)', open: "countIf(status = 'open')" },
  by: { severity: 'severity', status: 'status', scope: 'scope', ci: 'cis[1]' },
  rows: ['id', 'opened_at', 'title', 'severity', 'status', 'alert_count', 'resolved_at'],
  panel: 'timeseries',
}
