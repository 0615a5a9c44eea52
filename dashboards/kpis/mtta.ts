// KPI: how long an incident waits until somebody takes it on.
import { durationValues, TICKET_DIMENSIONS } from './durations.ts'
import type { Kpi } from './types.ts'

export const mtta: Kpi = {
  id: 'mtta',
  title: 'Time to acknowledge',
  question: 'How long until somebody takes an incident on?',
  formula: 'mean of (first acknowledged or in progress) - (opened)',
  population: 'incidents taken on in the range; those that nobody ever took on are left out',
  unit: 'seconds',
  good: 'down',
  from: 'incident_tickets',
  at: 'acknowledged_at',
  where: 'acknowledged_at IS NOT NULL',
  values: durationValues('acknowledge_seconds'),
  by: TICKET_DIMENSIONS,
  rows: ['ticket_id', 'number', 'priority', 'opened_at', 'acknowledged_at', 'acknowledge_seconds'],
  panel: 'timeseries',
}
