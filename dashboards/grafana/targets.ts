// Panel queries in the shape that each data source's plugin stores them.
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { CLICKHOUSE, PROMETHEUS } from './datasources.ts'

/** How the ClickHouse plugin shapes the answer: one frame a series, or rows. */
export type ClickHouseFormat = 'timeseries' | 'table'

const FORMAT_NUMBERS: Record<ClickHouseFormat, number> = { timeseries: 0, table: 1 }

/** The SDK has no builder for this plugin; its query is plain data. */
export const clickHouseTarget = (sql: string, format: ClickHouseFormat): Builder<Dataquery> => ({
  build: () => {
    const query = {
      refId: 'A',
      datasource: CLICKHOUSE,
      editorType: 'sql',
      queryType: format,
      format: FORMAT_NUMBERS[format],
      rawSql: sql,
    }
    return query as unknown as Dataquery
  },
})

export const prometheusTarget = (
  refId: string,
  expression: string,
  legend: string,
): Builder<Dataquery> =>
  new DataqueryBuilder()
    .refId(refId)
    .datasource(PROMETHEUS)
    .expr(expression)
    .legendFormat(legend)
    .range()
