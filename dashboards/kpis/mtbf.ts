// KPI: how long things hold between interruptions.
import { durationValues, INCIDENT_DIMENSIONS } from './durations.ts'
import type { Kpi } from './types.ts'

export const mtbf: Kpi = {
  id: 'mtbf',
  title: 'Time between failures',
  question: 'How long does a component hold before it fails again?',
  formula: 'mean of (incident opened) - (end of the incidents before it on the same first CI)',
  population: 'incidents opened in the range whose first CI had an incident before',
  unit: 'seconds',
  good: 'up',
  from: 'uptimes',
  at: 'opened_at',
  values: durationValues('uptime_seconds'),
  by: INCIDENT_DIMENSIONS,
  rows: ['id', 'title', 'ci', 'previous_end', 'opened_at', 'uptime_seconds'],
  panel: 'timeseries',
}
