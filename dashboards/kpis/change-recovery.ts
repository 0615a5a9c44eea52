// KPI: how long it takes to recover from a failed change (DORA).
import { durationValues } from './durations.ts'
import type { Kpi } from './types.ts'

export const changeRecovery: Kpi = {
  id: 'change-recovery',
  title: 'Failed-deployment recovery time',
  question: 'How fast do we recover from a change that failed?',
  formula: 'mean of (its incident resolved) - (change started)',
  population: 'changes started in the range, confirmed as the cause of an incident since resolved',
  unit: 'seconds',
  good: 'down',
  from: 'change_outcomes',
  at: 'started_at',
  where: "incident_id != '' AND recovered_at IS NOT NULL",
  values: durationValues('recovery_seconds'),
  by: { type: 'type', ci: 'ci' },
  rows: ['id', 'type', 'ci', 'incident_id', 'started_at', 'recovered_at', 'recovery_seconds'],
  panel: 'timeseries',
}
