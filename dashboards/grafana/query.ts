// KPI definitions as the SQL of Grafana panels, with the ClickHouse data source's macros.
import { conditionOf, sourceOf } from '../kpis/query.ts'
import type { Kpi } from '../kpis/types.ts'

/** Rows of a ranking: as many as people read. */
const RANKING_MAX = 20
const TABLE_ROWS_MAX = 200

/** Dashboard variables, and the dimensions of a KPI that each narrows down. */
export const VARIABLES = {
  scope: ['scope'],
  service: ['service', 'ci'],
  priority: ['priority'],
} as const

/** As people read it; the capital keeps it apart from the column of that name. */
export const labelOf = (name: string): string =>
  name.charAt(0).toUpperCase() + name.slice(1).replace(/_/g, ' ')

const named = (name: string): string => `"${labelOf(name)}"`

/** "All" selected leaves the condition out; see the data source's own documentation of the macro. */
const filtersOf = (kpi: Kpi): string[] =>
  Object.entries(VARIABLES).flatMap(([variable, dimensions]) => {
    const dimension = dimensions.find((name) => kpi.by[name] !== undefined)
    if (dimension === undefined) return []
    const chosen = `${kpi.by[dimension]} IN (\${${variable}:singlequote})`
    return [`$__conditionalAll(${chosen}, $${variable})`]
  })

/** Exactly the API's range: from inclusive, to exclusive, to the millisecond. */
const overPanelRange = (sql: string): string =>
  sql.replace(/\$from\b/g, '$__fromTime_ms').replace(/\$to\b/g, '$__toTime_ms')

const source = (kpi: Kpi): string =>
  `FROM ${sourceOf(kpi, Object.keys(kpi.by))}\nWHERE ${[conditionOf(kpi), ...filtersOf(kpi)].join('\n  AND ')}`

const valuesOf = (kpi: Kpi, names: readonly string[] = Object.keys(kpi.values)): string =>
  names.map((name) => `${kpi.values[name]} AS ${named(name)}`).join(',\n  ')

/** The headline figure over the whole range. */
export const statSql = (kpi: Kpi): string => {
  const [headline] = Object.keys(kpi.values)
  return overPanelRange(`SELECT\n  ${valuesOf(kpi, [headline!])}\n${source(kpi)}`)
}

const bucket = (kpi: Kpi): string =>
  `toDateTime(toStartOfInterval(${kpi.at}, INTERVAL \${interval}, 'UTC'), 'UTC')`

/** The figures per interval; of one dimension's values each when `by` is given. */
export const seriesSql = (kpi: Kpi, values: readonly string[], by?: string): string => {
  const columns = [`${bucket(kpi)} AS time`]
  if (by !== undefined) columns.push(`toString(${kpi.by[by]}) AS ${named(by)}`)
  const keys = by === undefined ? 'time' : `time, ${named(by)}`
  return overPanelRange(
    `SELECT\n  ${[...columns, valuesOf(kpi, values)].join(',\n  ')}\n${source(kpi)}\nGROUP BY ${keys}\nORDER BY ${keys}`,
  )
}

/** The figures by one dimension, the largest population first. */
export const rankingSql = (kpi: Kpi, by: string, values?: readonly string[]): string =>
  overPanelRange(
    `SELECT\n  toString(${kpi.by[by]}) AS ${named(by)},\n  ${valuesOf(kpi, values)}\n${source(kpi)}
GROUP BY ${named(by)}\nORDER BY ${kpi.count ?? 'count()'} DESC, ${named(by)}\nLIMIT ${RANKING_MAX}`,
  )

/** The newest rows beneath the figure. */
export const rowsSql = (kpi: Kpi): string =>
  overPanelRange(
    `SELECT\n  ${kpi.rows.join(',\n  ')}\n${source(kpi)}\nORDER BY ${kpi.at} DESC\nLIMIT ${TABLE_ROWS_MAX}`,
  )
