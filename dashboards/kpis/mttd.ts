// KPI: how long an interruption goes unseen.
import { durationValues, INCIDENT_DIMENSIONS } from './durations.ts'
import type { Kpi } from './types.ts'

export const mttd: Kpi = {
  id: 'mttd',
  title: 'Time to detect',
  question: 'How long does an interruption go unseen?',
  formula: 'mean of (incident opened) - (earliest start of its alerts, by the tools); at least 0',
  population: 'incidents opened in the range',
  unit: 'seconds',
  good: 'down',
  from: 'detections',
  at: 'opened_at',
  values: durationValues('detect_seconds'),
  by: INCIDENT_DIMENSIONS,
  rows: ['id', 'title', 'severity', 'began_at', 'opened_at', 'detect_seconds'],
  panel: 'timeseries',
}
