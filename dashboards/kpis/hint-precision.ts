// KPI: how often the first hint was the cause that a person confirmed.
import type { Kpi } from './types.ts'

export const hintPrecision: Kpi = {
  id: 'hint-precision',
  title: 'Hint precision',
  question: 'How often does the first root-cause hint name the true cause?',
  formula: 'confirmed causes that stood first (at 3: among the first three) / confirmed causes',
  population: 'causes confirmed in the range, beside the hints as they stood before',
  unit: 'ratio',
  good: 'up',
  from: 'hint_verdicts',
  at: 'confirmed_at',
  values: {
    at_1: 'countIf(hint_cis[1] = ci) / nullIf(count(), 0)',
    at_3: 'countIf(has(arraySlice(hint_cis, 1, 3), ci)) / nullIf(count(), 0)',
  },
  by: { ci: 'ci' },
  rows: ['incident_id', 'ci', 'hint_cis', 'confirmed_at'],
  panel: 'timeseries',
}
