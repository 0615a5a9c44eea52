// KPI: how often work is passed on before it finds its owner.
import { TICKET_DIMENSIONS } from './durations.ts'
import type { Kpi } from './types.ts'

export const reassignmentRate: Kpi = {
  id: 'reassignment-rate',
  title: 'Reassignments',
  question: 'Does work find its owner at once?',
  formula: 'mean number of times that an incident passed to somebody else',
  population: 'incidents opened in the range',
  unit: 'score',
  good: 'down',
  from: 'incident_tickets',
  at: 'opened_at',
  values: {
    mean: 'avg(reassignments)',
    passed_on: 'countIf(reassignments > 0)',
    ratio: 'countIf(reassignments > 0) / nullIf(count(), 0)',
  },
  by: TICKET_DIMENSIONS,
  rows: ['ticket_id', 'number', 'title', 'team', 'assignee', 'reassignments', 'opened_at'],
  panel: 'timeseries',
}
