// KPI: what was still open at the end of the range, and how old it was.
import { TICKET_DIMENSIONS } from './durations.ts'
import type { Kpi } from './types.ts'

const AGE_SECONDS = '(toUnixTimestamp64Milli($to) - toUnixTimestamp64Milli(opened_at)) / 1000'

const AGE_BAND = `multiIf(
  ${AGE_SECONDS} < 3600, 'under 1 h',
  ${AGE_SECONDS} < 14400, '1 h to 4 h',
  ${AGE_SECONDS} < 86400, '4 h to 1 d',
  ${AGE_SECONDS} < 604800, '1 d to 7 d',
  'over 7 d')`

export const openIncidents: Kpi = {
  id: 'open-incidents',
  title: 'Open incidents',
  question: 'How much work is waiting, and how old is it?',
  formula: 'number of incidents open at the end of the range',
  population:
    'incidents opened before the end of the range and neither resolved nor closed by then',
  unit: 'count',
  good: 'down',
  from: 'incident_tickets',
  at: 'opened_at',
  within: 'opened_at < $to AND (ended_at IS NULL OR ended_at >= $to)',
  values: {
    count: 'count()',
    unacknowledged: 'countIf(acknowledged_at IS NULL OR acknowledged_at >= $to)',
    mean_age_seconds: `avg(${AGE_SECONDS})`,
    oldest_age_seconds: `maxOrNull(${AGE_SECONDS})`,
  },
  by: { ...TICKET_DIMENSIONS, age: AGE_BAND },
  rows: ['ticket_id', 'number', 'title', 'priority', 'state', 'assignee', 'opened_at'],
  panel: 'bars',
}
