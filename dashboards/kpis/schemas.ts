// The KPI API's shapes in one place; the console imports these types.
import { type Static, Type } from 'typebox'

const Time = Type.String({ format: 'date-time' })
const Figure = Type.Union([Type.Number(), Type.Null()])

export const KpiRange = Type.Object({
  from: Type.Optional(
    Type.String({ description: 'Inclusive; ISO 8601. Default: a week before to' }),
  ),
  to: Type.Optional(Type.String({ description: 'Exclusive; ISO 8601. Default: now' })),
})
export type KpiRange = Static<typeof KpiRange>

export const KpiQuery = Type.Interface([KpiRange], {
  by: Type.Optional(Type.String({ description: 'One of the dimensions: group the figures' })),
})
export type KpiQuery = Static<typeof KpiQuery>

export const KpiView = Type.Object({
  id: Type.String(),
  title: Type.String(),
  question: Type.String(),
  formula: Type.String(),
  population: Type.String(),
  unit: Type.Enum(['count', 'ratio', 'seconds', 'minutes', 'score', 'money']),
  good: Type.Enum(['up', 'down', 'none']),
  panel: Type.Enum(['stat', 'timeseries', 'bars', 'table']),
  /** What `by` takes. */
  dimensions: Type.Array(Type.String()),
  from: Time,
  to: Time,
  /** The headline figure: the first of `values`; null where the population is empty. */
  value: Figure,
  /** Size of the population. */
  count: Type.Number(),
  values: Type.Record(Type.String(), Figure),
})
export type KpiView = Static<typeof KpiView>

export const KpiGroupView = Type.Object({
  key: Type.String(),
  count: Type.Number(),
  value: Figure,
  values: Type.Record(Type.String(), Figure),
})
export type KpiGroupView = Static<typeof KpiGroupView>

export const KpiList = Type.Object({ items: Type.Array(KpiView) })
export type KpiList = Static<typeof KpiList>

export const KpiDetail = Type.Interface([KpiView], {
  by: Type.Optional(Type.String()),
  /** Intervals in order of time, dimensions by the size of their population; at most 1,000. */
  groups: Type.Optional(Type.Array(KpiGroupView)),
})
export type KpiDetail = Static<typeof KpiDetail>

/** What stands beneath a figure. */
export const KpiRows = Type.Object({
  columns: Type.Array(Type.String()),
  items: Type.Array(Type.Record(Type.String(), Type.Unknown())),
})
export type KpiRows = Static<typeof KpiRows>
