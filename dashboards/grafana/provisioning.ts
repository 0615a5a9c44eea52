// Grafana's provisioning files, and the read-only ClickHouse user that its queries run as.
import { stringify } from 'yaml'
import { ALERT_RULES, type AlertRule } from './alert-rules.ts'
import { CLICKHOUSE, PROMETHEUS } from './datasources.ts'

const FOLDER = 'Faultline'

/** `$NAME` is Grafana's own expansion of environment variables in provisioning files. */
const datasources = {
  apiVersion: 1,
  datasources: [
    {
      name: 'Faultline facts',
      type: CLICKHOUSE.type,
      uid: CLICKHOUSE.uid,
      access: 'proxy',
      editable: false,
      jsonData: {
        host: 'clickhouse',
        port: 8123,
        protocol: 'http',
        secure: false,
        username: 'grafana',
        defaultDatabase: 'faultline',
        dialTimeout: '10',
        queryTimeout: '60',
      },
      secureJsonData: { password: '$CLICKHOUSE_GRAFANA_PASSWORD' },
    },
    {
      name: 'Faultline pipeline',
      type: PROMETHEUS.type,
      uid: PROMETHEUS.uid,
      access: 'proxy',
      url: 'http://prometheus:9090',
      isDefault: false,
      editable: false,
      jsonData: { httpMethod: 'POST', timeInterval: '15s' },
    },
  ],
}

const providers = {
  apiVersion: 1,
  providers: [
    {
      name: 'faultline',
      folder: FOLDER,
      folderUid: 'faultline',
      type: 'file',
      disableDeletion: true,
      allowUiUpdates: false,
      options: { path: '/var/lib/grafana/dashboards' },
    },
  ],
}

/** Query, then threshold: the shape that Grafana's unified alerting stores. */
const provisionedRule = (rule: AlertRule) => ({
  uid: rule.uid,
  title: rule.title,
  condition: 'B',
  for: rule.for,
  noDataState: 'OK',
  execErrState: 'Error',
  labels: { severity: rule.severity, service: 'faultline' },
  annotations: { summary: rule.summary, runbook: rule.runbook },
  data: [
    {
      refId: 'A',
      datasourceUid: PROMETHEUS.uid,
      relativeTimeRange: { from: 600, to: 0 },
      model: { refId: 'A', expr: rule.expression, instant: true, range: false },
    },
    {
      refId: 'B',
      datasourceUid: '__expr__',
      relativeTimeRange: { from: 0, to: 0 },
      model: {
        refId: 'B',
        type: 'threshold',
        expression: 'A',
        conditions: [{ evaluator: { type: 'gt', params: [rule.above] } }],
      },
    },
  ],
})

const alerting = {
  apiVersion: 1,
  groups: [
    {
      orgId: 1,
      name: 'Faultline pipeline',
      folder: FOLDER,
      interval: '1m',
      rules: ALERT_RULES.map(provisionedRule),
    },
  ],
}

/**
 * `readonly = 1` forbids writing and changing settings; the plugin's client must still be able to
 * set its query's time limit, so that one setting is allowed within a bound.
 */
const clickHouseUser = `<!-- The user that Grafana reads the facts as: SELECT on one database, nothing else. -->
<clickhouse>
  <profiles>
    <grafana>
      <readonly>1</readonly>
      <max_execution_time>60</max_execution_time>
      <max_memory_usage>2000000000</max_memory_usage>
      <constraints>
        <max_execution_time><changeable_in_readonly/><max>120</max></max_execution_time>
      </constraints>
    </grafana>
  </profiles>
  <users>
    <grafana>
      <password from_env="CLICKHOUSE_GRAFANA_PASSWORD"/>
      <networks><ip>::/0</ip></networks>
      <profile>grafana</profile>
      <quota>default</quota>
      <grants><query>GRANT SELECT ON faultline.*</query></grants>
    </grafana>
  </users>
</clickhouse>
`

const HEAD =
  '# Written by `npm run dashboards`: change dashboards/grafana/provisioning.ts instead.\n'

/** Path under `generated/` to text. */
export const provisioningFiles = (): [path: string, text: string][] => [
  ['provisioning/datasources/faultline.yaml', HEAD + stringify(datasources)],
  ['provisioning/dashboards/faultline.yaml', HEAD + stringify(providers)],
  ['provisioning/alerting/faultline.yaml', HEAD + stringify(alerting)],
  ['clickhouse/users.d/grafana.xml', clickHouseUser],
]
