// KPI definitions as SQL, and their figures by way of the Facts port.
import type { Facts } from '../../domain/ports/facts.ts'
import type { TimeRange } from '../../domain/range.ts'
import type { Kpi, SqlRange } from './types.ts'

export interface KpiFigures {
  /** Size of the population. */
  readonly count: number
  /** Null where the population is empty. */
  readonly values: Readonly<Record<string, number | null>>
}

export interface KpiGroup extends KpiFigures {
  /** Value of the dimension, or the start of the interval as ISO time. */
  readonly key: string
}

export const INTERVALS = ['hour', 'day', 'week'] as const
export type Interval = (typeof INTERVALS)[number]

export const GROUPS_MAX = 1_000
export const ROWS_MAX = 500

const isInterval = (by: string): by is Interval => (INTERVALS as readonly string[]).includes(by)

/** Bound by value: milliseconds. */
const PARAMETERS: SqlRange = {
  from: 'fromUnixTimestamp64Milli({from:Int64})',
  to: 'fromUnixTimestamp64Milli({to:Int64})',
}

/** `$from` and `$to` as the range says them. */
const over = (range: SqlRange, sql: string): string =>
  sql.replace(/\$(from|to)\b/g, (_, end: keyof SqlRange) => range[end])

/** Where the figures come from, so that they can be told apart by these dimensions. */
export const sourceOf = ({ from, keys = [], by }: Kpi, dimensions: readonly string[]): string => {
  const columns = [...keys, ...dimensions.flatMap((name) => by[name] ?? [])]
  return from.replaceAll('$keys', [...new Set(columns)].join(', '))
}

export const conditionOf = (kpi: Kpi): string => {
  const within = kpi.within ?? `${kpi.at} >= $from AND ${kpi.at} < $to`
  return kpi.where === undefined ? within : `${within} AND ${kpi.where}`
}

/** `population` and each value under its own name. */
export const figuresOf = (kpi: Kpi): string =>
  [
    `${kpi.count ?? 'count()'} AS population`,
    ...Object.entries(kpi.values).map(([name, sql]) => `${sql} AS value_${name}`),
  ].join(', ')

/** Weeks begin on Monday; all in UTC. */
const bucketOf = (kpi: Kpi, interval: Interval): string =>
  `toStartOfInterval(${kpi.at}, INTERVAL 1 ${interval}, 'UTC')`

const keyOf = (kpi: Kpi, by: string): string =>
  isInterval(by)
    ? `formatDateTime(${bucketOf(kpi, by)}, '%Y-%m-%dT%H:%i:%S.000Z', 'UTC')`
    : `toString(${kpi.by[by]})`

export const dimensionsOf = (kpi: Kpi): string[] => [
  ...Object.keys(kpi.by),
  ...(kpi.within === undefined ? INTERVALS : []),
]

type FigureRow = { population: number; key?: string } & Record<string, unknown>

const figuresFrom = (kpi: Kpi, row: FigureRow): KpiFigures => ({
  count: row.population,
  values: Object.fromEntries(
    Object.keys(kpi.values).map((name) => [name, (row[`value_${name}`] ?? null) as number | null]),
  ),
})

export const kpiFigures = async (
  facts: Facts,
  kpi: Kpi,
  { from, to }: TimeRange,
): Promise<KpiFigures> => {
  const sql = `SELECT ${figuresOf(kpi)} FROM ${sourceOf(kpi, [])} WHERE ${conditionOf(kpi)}`
  const [row] = await facts.query<FigureRow>(over(PARAMETERS, sql), { from, to })
  return figuresFrom(kpi, row!)
}

/** At most `GROUPS_MAX`: intervals in order of time, dimensions by size of their population. */
export const kpiGroups = async (
  facts: Facts,
  kpi: Kpi,
  { from, to }: TimeRange,
  by: string,
): Promise<KpiGroup[]> => {
  const order = isInterval(by) ? 'key' : 'population DESC, key'
  const sql = `SELECT ${keyOf(kpi, by)} AS key, ${figuresOf(kpi)} FROM ${sourceOf(kpi, [by])}
    WHERE ${conditionOf(kpi)} GROUP BY key ORDER BY ${order} LIMIT ${GROUPS_MAX}`
  const rows = await facts.query<FigureRow>(over(PARAMETERS, sql), { from, to })
  return rows.map((row) => ({ key: row.key!, ...figuresFrom(kpi, row) }))
}

const beneathOf = ({ at, within }: NonNullable<Kpi['beneath']>): string =>
  within ?? `${at} >= $from AND ${at} < $to`

/** The newest rows beneath the figure, at most `limit`; times as ISO 8601. */
export const kpiRows = (
  facts: Facts,
  kpi: Kpi,
  { from, to }: TimeRange,
  limit: number,
): Promise<Record<string, unknown>[]> => {
  const { at } = kpi.beneath ?? kpi
  const source = kpi.beneath?.from ?? kpi.from
  const condition = kpi.beneath === undefined ? conditionOf(kpi) : beneathOf(kpi.beneath)
  const sql = `SELECT ${kpi.rows.join(', ')} FROM ${source} WHERE ${condition}
    ORDER BY ${at} DESC LIMIT {limit:UInt32} SETTINGS date_time_output_format = 'iso'`
  return facts.query(over(PARAMETERS, sql), { from, to, limit })
}
