// KPI: what the people who were hit say of how it was handled.
import { TICKET_DIMENSIONS } from './durations.ts'
import type { Kpi } from './types.ts'

export const satisfaction: Kpi = {
  id: 'satisfaction',
  title: 'Satisfaction',
  question: 'What do the people who were hit say?',
  formula: 'mean rating, 1 to 5; satisfied = share of 4 and 5',
  population: 'incidents resolved or closed in the range that were rated',
  unit: 'score',
  good: 'up',
  from: 'incident_tickets',
  at: 'ended_at',
  where: 'ended_at IS NOT NULL AND rating IS NOT NULL',
  values: {
    mean: 'avg(rating)',
    satisfied: 'countIf(rating >= 4) / nullIf(count(), 0)',
  },
  by: TICKET_DIMENSIONS,
  rows: ['ticket_id', 'number', 'title', 'rating', 'ended_at'],
  panel: 'stat',
}
