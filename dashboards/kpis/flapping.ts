// KPI: which share of alerts cannot make up their mind.
import type { Kpi } from './types.ts'

export const flapping: Kpi = {
  id: 'flapping',
  title: 'Flapping',
  question: 'How many alerts toggle instead of telling?',
  formula: 'flapping alerts / alerts',
  population: 'alerts first seen in the range',
  unit: 'ratio',
  good: 'down',
  from: 'alert_states',
  at: 'first_seen',
  values: {
    ratio: 'countIf(flapping) / nullIf(count(), 0)',
    count: 'countIf(flapping)',
    occurrences: 'sumIf(occurrences, flapping)',
  },
  by: { name: 'name', ci: 'ci', source: 'source', severity: 'severity', scope: 'scope' },
  rows: ['id', 'name', 'ci', 'flapping', 'occurrences', 'first_seen', 'last_seen'],
  panel: 'timeseries',
}
