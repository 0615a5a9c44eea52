// KPI: which share of service requests were fulfilled in time.
import type { Kpi } from './types.ts'

export const requestsInTime: Kpi = {
  id: 'requests-in-time',
  title: 'Requests in time',
  question: 'Do people get what they asked for when they were told?',
  formula: 'fulfilled by the target time / fulfilled',
  population: 'requests with a target time, fulfilled in the range',
  unit: 'ratio',
  good: 'up',
  from: 'request_tickets',
  at: 'fulfilled_at',
  where: 'fulfilled_at IS NOT NULL AND due_at IS NOT NULL',
  values: { ratio: 'countIf(fulfilled_at <= due_at) / nullIf(count(), 0)' },
  by: { item: 'item', team: 'team' },
  rows: ['ticket_id', 'number', 'item', 'opened_at', 'due_at', 'fulfilled_at'],
  panel: 'stat',
}
