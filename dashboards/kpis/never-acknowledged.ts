// KPI: which share of incidents ended without anybody taking them on.
import { TICKET_DIMENSIONS } from './durations.ts'
import type { Kpi } from './types.ts'

export const neverAcknowledged: Kpi = {
  id: 'never-acknowledged',
  title: 'Never acknowledged',
  question: 'How much ends by itself, before anybody looks?',
  formula: 'resolved without ever being acknowledged / resolved',
  population: 'incidents resolved or closed in the range',
  unit: 'ratio',
  good: 'down',
  from: 'incident_tickets',
  at: 'ended_at',
  where: 'ended_at IS NOT NULL',
  values: {
    ratio: 'countIf(acknowledged_at IS NULL) / nullIf(count(), 0)',
    count: 'countIf(acknowledged_at IS NULL)',
  },
  by: TICKET_DIMENSIONS,
  rows: ['ticket_id', 'number', 'title', 'priority', 'acknowledged_at', 'opened_at', 'ended_at'],
  panel: 'timeseries',
}
