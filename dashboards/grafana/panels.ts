// One panel for each way of looking at a figure: stat, series, ranking, rows, and Prometheus graphs.
import { PanelBuilder as BarPanel } from '@grafana/grafana-foundation-sdk/barchart'
import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  VizLegendOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common'
import { DashboardLinkBuilder, type Panel } from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as StatPanel } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TablePanel } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as SeriesPanel } from '@grafana/grafana-foundation-sdk/timeseries'
import type { Kpi, KpiUnit } from '../kpis/types.ts'
import { CLICKHOUSE, PROMETHEUS } from './datasources.ts'
import { rankingSql, rowsSql, seriesSql, statSql } from './query.ts'
import { clickHouseTarget, prometheusTarget } from './targets.ts'

/** A panel with what a test needs to check its figures. */
export interface PanelSpec {
  readonly build: Builder<Panel>
  readonly kpi?: Kpi
  readonly view: 'stat' | 'series' | 'ranking' | 'rows' | 'prometheus'
  readonly by?: string
  readonly values?: readonly string[]
}

const GRAFANA_UNITS: Record<KpiUnit, string> = {
  count: 'short',
  ratio: 'percentunit',
  seconds: 's',
  minutes: 'm',
  score: 'none',
  money: 'currencyUSD',
}

/** The whole width is 24. */
const HALF = 12
const SERIES_HEIGHT = 8

const headline = (kpi: Kpi): string => Object.keys(kpi.values)[0]!

const describe = (kpi: Kpi): string =>
  `${kpi.question}\n\n**Formula:** ${kpi.formula}\n\n**Population:** ${kpi.population}`

const legend = (): VizLegendOptionsBuilder =>
  new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)

export const stat = (kpi: Kpi, span = 4): PanelSpec => ({
  kpi,
  view: 'stat',
  build: new StatPanel()
    .title(kpi.title)
    .description(describe(kpi))
    .datasource(CLICKHOUSE)
    .withTarget(clickHouseTarget(statSql(kpi), 'table'))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .unit(GRAFANA_UNITS[kpi.unit])
    .noValue('none in this range')
    .span(span)
    .height(4),
})

interface SeriesOptions {
  readonly values?: readonly string[]
  readonly by?: string
  readonly span?: number
  /** Where it is not the KPI's headline that is shown. */
  readonly title?: string
}

/** Counts as bars, everything else as lines that do not join what is missing. */
export const series = (kpi: Kpi, options: SeriesOptions = {}): PanelSpec => {
  const { values = [headline(kpi)], by, span = HALF } = options
  const { title = by === undefined ? kpi.title : `${kpi.title} by ${by}` } = options
  return {
    kpi,
    view: 'series',
    values,
    ...(by === undefined ? {} : { by }),
    build: new SeriesPanel()
      .title(title)
      .description(describe(kpi))
      .datasource(CLICKHOUSE)
      .withTarget(clickHouseTarget(seriesSql(kpi, values, by), 'timeseries'))
      .drawStyle(kpi.unit === 'count' ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
      .fillOpacity(kpi.unit === 'count' ? 60 : 0)
      .spanNulls(false)
      .unit(GRAFANA_UNITS[kpi.unit])
      .legend(legend())
      .span(span)
      .height(SERIES_HEIGHT),
  }
}

export const ranking = (kpi: Kpi, by: string, span = HALF): PanelSpec => ({
  kpi,
  view: 'ranking',
  by,
  values: [headline(kpi)],
  build: new BarPanel()
    .title(`${kpi.title} by ${by}`)
    .description(describe(kpi))
    .datasource(CLICKHOUSE)
    .withTarget(clickHouseTarget(rankingSql(kpi, by, [headline(kpi)]), 'table'))
    .orientation(VizOrientation.Horizontal)
    .unit(GRAFANA_UNITS[kpi.unit])
    .legend(legend().showLegend(false))
    .span(span)
    .height(SERIES_HEIGHT),
})

/** All figures of a KPI side by side, a row per value of the dimension. */
export const breakdown = (kpi: Kpi, by: string, span = HALF): PanelSpec => ({
  kpi,
  view: 'ranking',
  by,
  values: Object.keys(kpi.values),
  build: new TablePanel()
    .title(`${kpi.title} by ${by}`)
    .description(describe(kpi))
    .datasource(CLICKHOUSE)
    .withTarget(clickHouseTarget(rankingSql(kpi, by), 'table'))
    .span(span)
    .height(SERIES_HEIGHT),
})

/** The console's page of the thing that a column names. */
const CONSOLE_PAGES: Record<string, string> = {
  id: 'incidents',
  ticket_id: 'incidents',
  incident_id: 'incidents',
}

const consoleLink = (column: string) =>
  new DashboardLinkBuilder('Open in Faultline')
    .url(`\${console}/${CONSOLE_PAGES[column]}/\${__data.fields.${column}}`)
    .targetBlank(true)
    .build()

/** The rows beneath a figure; ids lead into the console. */
export const rows = (kpi: Kpi, title: string, span = 24): PanelSpec => {
  const panel = new TablePanel()
    .title(title)
    .description(describe(kpi))
    .datasource(CLICKHOUSE)
    .withTarget(clickHouseTarget(rowsSql(kpi), 'table'))
    .span(span)
    .height(10)
  for (const column of kpi.rows)
    if (CONSOLE_PAGES[column] !== undefined)
      panel.overrideByName(column, [{ id: 'links', value: [consoleLink(column)] }])
  return { kpi, view: 'rows', build: panel }
}

/** A graph of our own pipeline: expression and legend of each line. */
export const graph = (
  title: string,
  description: string,
  unit: string,
  lines: readonly (readonly [expression: string, legend: string])[],
  span = HALF,
): PanelSpec => {
  const panel = new SeriesPanel()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .unit(unit)
    .min(0)
    .legend(legend())
    .span(span)
    .height(SERIES_HEIGHT)
  for (const [i, [expression, label]] of lines.entries())
    panel.withTarget(prometheusTarget(String.fromCharCode(65 + i), expression, label))
  return { view: 'prometheus', build: panel }
}
