// The fixture's KPIs: a few of each unit, with a course over time.
import type { KpiDetail, KpiView } from '../src/api/types.ts'
import { type Call, notFound, type Route } from './http.ts'
import { createRandom } from './random.ts'

const DAY_MS = 86_400_000
const STEPS_MS: Readonly<Record<string, number>> = {
  hour: 3_600_000,
  day: DAY_MS,
  week: 7 * DAY_MS,
}

type Base = Pick<
  KpiView,
  'id' | 'title' | 'question' | 'unit' | 'good' | 'panel' | 'count' | 'values'
>

// biome-ignore format: a table is read by its rows
const KPIS: readonly Base[] = [
  { id: 'events', title: 'Events', question: 'How much did monitoring send?', unit: 'count', good: 'none', panel: 'timeseries', count: 184_220, values: { count: 184_220 } },
  { id: 'alerts', title: 'Alerts', question: 'How many conditions fired?', unit: 'count', good: 'down', panel: 'timeseries', count: 6_412, values: { count: 6_412, occurrences: 171_008, flapping: 88 } },
  { id: 'noise-reduction', title: 'Noise reduction', question: 'How much of what was sent did nobody have to read?', unit: 'ratio', good: 'up', panel: 'stat', count: 184_220, values: { ratio: 0.9987, events: 184_220, alerts: 6_412, incidents: 241 } },
  { id: 'mtta', title: 'Time to acknowledge', question: 'How long until somebody takes an incident on?', unit: 'seconds', good: 'down', panel: 'timeseries', count: 228, values: { mean: 412, p50: 240, p90: 960 } },
  { id: 'mttr', title: 'Time to resolve', question: 'How long does an interruption last?', unit: 'seconds', good: 'down', panel: 'timeseries', count: 219, values: { mean: 4_310, p50: 2_700, p90: 11_400 } },
  { id: 'open-incidents', title: 'Open incidents', question: 'What waits for us now?', unit: 'count', good: 'down', panel: 'bars', count: 20, values: { count: 20, unacknowledged: 8, mean_age_seconds: 31_000 } },
  { id: 'sla-attainment', title: 'SLA attainment', question: 'Did we keep what we promised?', unit: 'ratio', good: 'up', panel: 'timeseries', count: 219, values: { ratio: 0.94 } },
  { id: 'reopen-rate', title: 'Reopen rate', question: 'How often was it not over?', unit: 'ratio', good: 'down', panel: 'timeseries', count: 219, values: { ratio: 0.032, count: 7 } },
  { id: 'hint-precision', title: 'Hint precision', question: 'How often was the first hint right?', unit: 'ratio', good: 'up', panel: 'timeseries', count: 61, values: { at_1: 0.87, at_3: 0.97 } },
  { id: 'recurring-minutes', title: 'Minutes lost to recurring problems', question: 'What would solving problems give back?', unit: 'minutes', good: 'down', panel: 'bars', count: 47, values: { minutes: 2_310 } },
  { id: 'satisfaction', title: 'Satisfaction', question: 'Were those who asked content?', unit: 'score', good: 'up', panel: 'stat', count: 0, values: { mean: null } },
]

const viewOf = (base: Base, from: string, to: string): KpiView => ({
  ...base,
  formula: `${base.title} as its file under dashboards/kpis says`,
  population: 'all within the range',
  dimensions: [
    'priority',
    'service',
    ...(base.id === 'open-incidents' ? [] : Object.keys(STEPS_MS)),
  ],
  from,
  to,
  value: Object.values(base.values)[0] ?? null,
})

const KEYS: Readonly<Record<string, readonly string[]>> = {
  priority: ['P2', 'P1', 'P3', 'P5'],
  service: ['checkout', 'payments', 'search', 'orders', 'cart'],
}

const keysFor = (by: string, from: number, to: number): readonly string[] => {
  const step = STEPS_MS[by]
  if (step === undefined) return KEYS[by] ?? []
  const keys: string[] = []
  for (let at = Math.ceil(from / step) * step; at < to; at += step)
    keys.push(new Date(at).toISOString())
  return keys
}

const groupsOf = (view: KpiView, by: string): NonNullable<KpiDetail['groups']> => {
  const random = createRandom(view.id.length * 97)
  const keys = keysFor(by, Date.parse(view.from), Date.parse(view.to))
  const share = view.unit === 'count' || view.unit === 'minutes' ? 1 / Math.max(1, keys.length) : 1
  return keys.map((key) => {
    const swing = 0.7 + random.next() * 0.6
    const values = Object.fromEntries(
      Object.entries(view.values).map(([name, value]) => {
        const scaled = value === null ? null : value * share * swing
        if (scaled === null) return [name, null]
        return [name, view.unit === 'ratio' ? Math.min(1, scaled) : Math.round(scaled)]
      }),
    )
    return {
      key,
      count: Math.round(view.count * share * swing),
      value: Object.values(values)[0] ?? null,
      values,
    }
  })
}

const ROW_COUNT = 12

export const kpiRoutes = (now: number): Route[] => {
  const rangeOf = ({ query }: Call): [string, string] => [
    query.get('from') ?? new Date(now - 7 * DAY_MS).toISOString(),
    query.get('to') ?? new Date(now).toISOString(),
  ]
  const find = (id = ''): Base | undefined => KPIS.find((kpi) => kpi.id === id)
  return [
    [
      'GET',
      '/api/v1/kpis',
      (call) => ({ body: { items: KPIS.map((kpi) => viewOf(kpi, ...rangeOf(call))) } }),
    ],
    [
      'GET',
      '/api/v1/kpis/{id}',
      (call) => {
        const base = find(call.parameters[0])
        if (base === undefined) return notFound(`There is no KPI ${call.parameters[0]}.`)
        const view = viewOf(base, ...rangeOf(call))
        const by = call.query.get('by')
        return { body: by === null ? view : { ...view, by, groups: groupsOf(view, by) } }
      },
    ],
    [
      'GET',
      '/api/v1/kpis/{id}/rows',
      () => ({
        body: {
          columns: ['number', 'priority', 'opened_at', 'acknowledge_seconds'],
          items: Array.from({ length: ROW_COUNT }, (_, i) => ({
            number: `INC-${60 - i}`,
            priority: 'P1',
            opened_at: new Date(now - i * 4_000_000).toISOString().slice(0, 23).replace('T', ' '),
            acknowledge_seconds: 120 + i * 31,
          })),
        },
      }),
    ],
  ]
}
