// KPI: which share of changes broke something (DORA).
import type { Kpi } from './types.ts'

export const changeFailureRate: Kpi = {
  id: 'change-failure-rate',
  title: 'Change failure rate',
  question: 'How often does a change break something?',
  formula: 'failed changes / changes',
  population:
    'changes started in the range; failed = confirmed as the cause of an incident, or closed as failed or backed out',
  unit: 'ratio',
  good: 'down',
  from: 'change_outcomes',
  at: 'started_at',
  values: { ratio: 'countIf(failed) / nullIf(count(), 0)', failed: 'countIf(failed)' },
  by: { type: 'type', ci: 'ci' },
  rows: ['id', 'type', 'ci', 'summary', 'failed', 'incident_id', 'started_at'],
  panel: 'timeseries',
}
