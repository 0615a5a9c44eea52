// KPI: what the pipeline could not take.
import type { Kpi } from './types.ts'

export const deadLetters: Kpi = {
  id: 'dead-letters',
  title: 'Dead letters',
  question: 'What could the pipeline not take, and why?',
  formula: 'number of refused items',
  population: 'items refused in the range, each once however often it was sent',
  unit: 'count',
  good: 'down',
  from: '(SELECT * FROM dead_letters FINAL)',
  at: 'at',
  values: { count: 'count()' },
  by: { reason: 'reason', source: 'source' },
  rows: ['id', 'at', 'source', 'reason', 'detail'],
  panel: 'timeseries',
}
