// KPI: how many conditions went wrong, however often each was reported.
import type { Kpi } from './types.ts'

export const alerts: Kpi = {
  id: 'alerts',
  title: 'Alerts',
  question: 'How many different conditions went wrong?',
  formula: 'number of alerts; repeated reports of one condition are occurrences of one alert',
  population: 'alerts first seen in the range',
  unit: 'count',
  good: 'down',
  from: 'alert_states',
  at: 'first_seen',
  values: { count: 'count()', occurrences: 'sum(occurrences)', flapping: 'countIf(flapping)' },
  by: {
    source: 'source',
    severity: 'severity',
    status: 'status',
    scope: 'scope',
    name: 'name',
    ci: 'ci',
  },
  rows: ['id', 'first_seen', 'name', 'ci', 'severity', 'status', 'occurrences', 'incident_id'],
  panel: 'timeseries',
}
