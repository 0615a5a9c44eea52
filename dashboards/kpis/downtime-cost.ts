// KPI: what interruptions cost, at the rates in the settings.
import type { Kpi } from './types.ts'

const MINUTES =
  '(toUnixTimestamp64Milli(least(coalesce(resolved_at, $to), $to)) - toUnixTimestamp64Milli(opened_at)) / 60000'

export const downtimeCost: Kpi = {
  id: 'downtime-cost',
  title: 'Cost of downtime',
  question: 'What did interruptions cost?',
  formula: "sum of minutes x rate of the incident's costliest CI, up to the end of the range",
  population: 'incidents opened in the range; rates from `costPerMinute` in the settings',
  unit: 'money',
  good: 'down',
  from: 'incident_costs',
  at: 'opened_at',
  values: {
    cost: `sum(${MINUTES} * per_minute)`,
    minutes: `sum(${MINUTES})`,
  },
  by: { service: 'service', severity: 'severity', scope: 'scope' },
  rows: ['id', 'title', 'service', 'per_minute', 'opened_at', 'resolved_at'],
  panel: 'bars',
}
