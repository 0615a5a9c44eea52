// KPI: whether a few rules make most of the noise.
import type { Kpi } from './types.ts'

export const noisyRules: Kpi = {
  id: 'noisy-rules',
  title: 'Noisiest rules',
  question: 'Which few rules or services make most of the noise?',
  formula: 'share of events that the ten noisiest alert types send',
  population: 'events received in the range',
  unit: 'ratio',
  good: 'down',
  from: `(
    SELECT $keys, count() AS sent
    FROM events WHERE received_at >= $from AND received_at < $to
    GROUP BY $keys
  )`,
  keys: ['name'],
  at: '',
  within: 'true',
  values: {
    ratio: `arraySum(arraySlice(arrayReverseSort((sumMap([name], [sent]) AS sums).2), 1, 10)) / nullIf(sum(sent), 0)`,
    events: 'sum(sent)',
  },
  count: 'sum(sent)',
  by: { name: 'name', service: 'service', source: 'source', scope: 'scope' },
  rows: ['received_at', 'name', 'service', 'source', 'severity', 'summary'],
  beneath: { from: 'events', at: 'received_at' },
  panel: 'table',
}
