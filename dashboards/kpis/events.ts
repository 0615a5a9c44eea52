// KPI: how many observations the monitoring tools sent.
import type { Kpi } from './types.ts'

export const events: Kpi = {
  id: 'events',
  title: 'Events',
  question: 'How much do the monitoring tools send?',
  formula: 'number of events',
  population: 'accepted events received in the range; refused ones are dead letters',
  unit: 'count',
  good: 'none',
  from: 'events',
  at: 'received_at',
  values: { count: 'count()' },
  by: {
    source: 'source',
    severity: 'severity',
    status: 'status',
    scope: 'scope',
    name: 'name',
    service: 'service',
  },
  rows: ['received_at', 'source', 'name', 'severity', 'status', 'summary', 'fingerprint'],
  panel: 'timeseries',
}
