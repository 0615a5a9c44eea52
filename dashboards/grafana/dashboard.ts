// What all dashboards share: variables, annotations, links, and rows that each ask one question.
import {
  AnnotationQueryBuilder,
  CustomVariableBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  RowBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { CLICKHOUSE } from './datasources.ts'
import type { PanelSpec } from './panels.ts'
import { clickHouseTarget } from './targets.ts'

export interface DashboardSpec {
  readonly uid: string
  readonly title: string
  /** Who it is for. */
  readonly description: string
  /** What the range is when it opens. */
  readonly range: string
  /** False where the figures come from Prometheus: no facts, no variables. */
  readonly facts: boolean
  readonly rows: readonly (readonly [question: string, panels: readonly PanelSpec[]])[]
}

const TAG = 'faultline'

const VARIABLE_QUERIES = {
  scope: 'SELECT DISTINCT scope FROM incident_states ORDER BY scope',
  service: 'SELECT DISTINCT arrayJoin(cis) AS service FROM incident_states ORDER BY service',
  priority: 'SELECT DISTINCT priority FROM incident_tickets ORDER BY priority',
} as const

const choice = (name: keyof typeof VARIABLE_QUERIES): QueryVariableBuilder =>
  new QueryVariableBuilder(name)
    .label(name)
    .datasource(CLICKHOUSE)
    .query(VARIABLE_QUERIES[name])
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .current({ text: 'All', value: '$__all' })

const interval = (): CustomVariableBuilder =>
  new CustomVariableBuilder('interval')
    .label('interval')
    .values('hour : 1 HOUR,day : 1 DAY,week : 1 WEEK')
    .current({ text: 'day', value: '1 DAY' })

const CONSOLE = 'http://localhost:8080'

/** Where the console is: changed here once, all links follow. */
const consoleAddress = (): CustomVariableBuilder =>
  new CustomVariableBuilder('console')
    .values(CONSOLE)
    .current({ text: CONSOLE, value: CONSOLE })
    .hide(VariableHide.HideVariable)

const CHANGES_SQL = `SELECT started_at AS time, ended_at AS timeEnd,
  concat(type, ' of ', ci, ': ', summary) AS text, type AS tags
FROM changes FINAL
WHERE $__timeFilter_ms(started_at)
ORDER BY started_at DESC
LIMIT 200`

const INCIDENTS_SQL = `SELECT opened_at AS time, resolved_at AS timeEnd, title AS text, severity AS tags
FROM incident_states
WHERE $__timeFilter_ms(opened_at) AND severity IN ('critical', 'error')
  AND $__conditionalAll(scope IN (\${scope:singlequote}), $scope)
ORDER BY opened_at DESC
LIMIT 200`

const annotation = (name: string, sql: string, color: string): AnnotationQueryBuilder =>
  new AnnotationQueryBuilder()
    .name(name)
    .datasource(CLICKHOUSE)
    .enable(true)
    .iconColor(color)
    .target(clickHouseTarget(sql, 'table'))

const siblings = (): DashboardLinkBuilder =>
  new DashboardLinkBuilder('Faultline dashboards')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .keepTime(true)
    .includeVars(true)

const toConsole = (): DashboardLinkBuilder =>
  new DashboardLinkBuilder('Console')
    .type(DashboardLinkType.Link)
    .url(`\${console}/incidents`)
    .targetBlank(true)

export const buildDashboard = (spec: DashboardSpec): Dashboard => {
  const dashboard = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags([TAG])
    .timezone('browser')
    .weekStart('monday')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: spec.range, to: 'now' })
    .refresh('1m')
    .link(siblings())
    .withVariable(consoleAddress())
    .link(toConsole())
  if (spec.facts)
    dashboard
      .withVariable(choice('scope'))
      .withVariable(choice('service'))
      .withVariable(choice('priority'))
      .withVariable(interval())
      .annotation(annotation('Changes', CHANGES_SQL, 'blue'))
      .annotation(annotation('Incidents', INCIDENTS_SQL, 'red'))
  for (const [question, panels] of spec.rows) {
    dashboard.withRow(new RowBuilder(question))
    for (const panel of panels) dashboard.withPanel(panel.build)
  }
  return dashboard.build()
}
