// KPI: what share of the flood people are spared.
import type { Kpi } from './types.ts'

export const noiseReduction: Kpi = {
  id: 'noise-reduction',
  title: 'Noise reduction',
  question: 'How much of what the tools send are people spared?',
  formula: '1 - incidents / events',
  population: 'events received and incidents opened in the range',
  unit: 'ratio',
  good: 'up',
  from: 'funnel',
  at: 'at',
  values: {
    ratio: "1 - countIf(stage = 'incident') / nullIf(countIf(stage = 'event'), 0)",
    events: "countIf(stage = 'event')",
    alerts: "countIf(stage = 'alert')",
    incidents: "countIf(stage = 'incident')",
  },
  count: "countIf(stage = 'event')",
  by: { scope: 'scope' },
  rows: ['at', 'stage', 'id', 'title', 'scope'],
  panel: 'stat',
}
