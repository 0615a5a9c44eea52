// KPI: which share of resolutions did not last.
import { TICKET_DIMENSIONS } from './durations.ts'
import type { Kpi } from './types.ts'

export const reopenRate: Kpi = {
  id: 'reopen-rate',
  title: 'Reopen rate',
  question: 'Do our resolutions last?',
  formula: 'incidents opened again at least once / incidents',
  population: 'incidents opened in the range that were resolved or closed at least once',
  unit: 'ratio',
  good: 'down',
  from: 'incident_tickets',
  at: 'opened_at',
  where: '(ended_at IS NOT NULL OR reopens > 0)',
  values: {
    ratio: 'countIf(reopens > 0) / nullIf(count(), 0)',
    reopened: 'countIf(reopens > 0)',
    reopens: 'sum(reopens)',
  },
  by: TICKET_DIMENSIONS,
  rows: ['ticket_id', 'number', 'title', 'priority', 'reopens', 'opened_at', 'resolved_at'],
  panel: 'timeseries',
}
