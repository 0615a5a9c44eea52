// Every source Faultline knows; one line each.
import type { Source } from '../source.ts'
import { alertmanager } from './alertmanager.ts'
import { azureMonitor } from './azure-monitor.ts'
import { checkmk } from './checkmk.ts'
import { cloudevents } from './cloudevents.ts'
import { cloudwatch } from './cloudwatch.ts'
import { datadog } from './datadog.ts'
import { dynatrace } from './dynatrace.ts'
import { elastic } from './elastic.ts'
import { gcpMonitoring } from './gcp-monitoring.ts'
import { generic } from './generic.ts'
import { grafana } from './grafana.ts'
import { graylog } from './graylog.ts'
import { icinga } from './icinga.ts'
import { librenms } from './librenms.ts'
import { nagios } from './nagios.ts'
import { native } from './native.ts'
import { newrelic } from './newrelic.ts'
import { opsgenie } from './opsgenie.ts'
import { otlp } from './otlp.ts'
import { pagerduty } from './pagerduty.ts'
import { pingdom } from './pingdom.ts'
import { sentry } from './sentry.ts'
import { servicenow } from './servicenow.ts'
import { splunk } from './splunk.ts'
import { syslog } from './syslog.ts'
import { uptimeKuma } from './uptime-kuma.ts'
import { zabbix } from './zabbix.ts'

const REGISTERED: readonly Source[] = [
  alertmanager,
  azureMonitor,
  checkmk,
  cloudevents,
  cloudwatch,
  datadog,
  dynatrace,
  elastic,
  gcpMonitoring,
  generic,
  grafana,
  graylog,
  icinga,
  librenms,
  nagios,
  native,
  newrelic,
  opsgenie,
  otlp,
  pagerduty,
  pingdom,
  sentry,
  servicenow,
  splunk,
  syslog,
  uptimeKuma,
  zabbix,
]

/** By the name in `/webhooks/<name>`. */
export const SOURCES: ReadonlyMap<string, Source> = new Map(
  REGISTERED.map((source) => [source.name, source]),
)
