// KPI: how much time known patterns cost again and again.
import type { Kpi } from './types.ts'

export const recurringMinutes: Kpi = {
  id: 'recurring-minutes',
  title: 'Minutes lost to recurring problems',
  question: 'What would removing the known causes save?',
  formula:
    'sum of the minutes that incidents of a known pattern lasted, up to the end of the range',
  population: 'incidents opened in the range that belong to a problem',
  unit: 'minutes',
  good: 'down',
  from: 'recurrences',
  at: 'opened_at',
  values: {
    minutes: `sum(toUnixTimestamp64Milli(least(coalesce(resolved_at, $to), $to)) - toUnixTimestamp64Milli(opened_at)) / 60000`,
    incidents: 'count()',
    problems: 'uniqExact(problem_id)',
  },
  by: { problem: 'problem', severity: 'severity', scope: 'scope' },
  rows: ['id', 'title', 'problem', 'severity', 'opened_at', 'resolved_at'],
  panel: 'bars',
}
