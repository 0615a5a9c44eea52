// KPI: how long an incident lasts.
import { durationValues, TICKET_DIMENSIONS } from './durations.ts'
import type { Kpi } from './types.ts'

export const mttr: Kpi = {
  id: 'mttr',
  title: 'Time to resolve',
  question: 'How long do interruptions last?',
  formula: 'mean of (last resolved) - (opened), time on hold included',
  population: 'incidents resolved in the range and not reopened since',
  unit: 'seconds',
  good: 'down',
  from: 'incident_tickets',
  at: 'resolved_at',
  where: 'resolved_at IS NOT NULL',
  values: durationValues('resolve_seconds'),
  by: TICKET_DIMENSIONS,
  rows: ['ticket_id', 'number', 'priority', 'opened_at', 'resolved_at', 'resolve_seconds'],
  panel: 'timeseries',
}
