// The posted shapes of each monitoring tool: the body exactly as it leaves the tool.
import { hash64 } from '../../domain/hash.ts'
import type { Severity } from '../../domain/severity.ts'
import { isoTime, type Millis } from '../../domain/time.ts'
import type { Life } from './life.ts'

/** How one estate's tools are set up; differs by seed. */
export interface Dialect {
  /** Labels that one Alertmanager notification collects by; empty = one alert each. */
  readonly groupBy: readonly ('alertname' | 'namespace')[]
  readonly severityWords: Readonly<Record<Severity, string>>
  readonly hostLabel: (life: Life) => string
  readonly zabbixTitle: (life: Life) => string
  /** The estate's time as clocks show it: itself, or another pace for a demonstration. */
  readonly clock: (at: Millis) => Millis
  /** Added to what a tool says of the time; ms. */
  readonly skewMs: Readonly<Record<Life['tool'], number>>
}

const NEVER = '0001-01-01T00:00:00Z'

const stamp = (dialect: Dialect, life: Life, at: Millis): string =>
  isoTime(dialect.clock(at) + dialect.skewMs[life.tool])

const alertmanagerLabels = (dialect: Dialect, life: Life): Record<string, string> => {
  const labels: Record<string, string> = {
    alertname: life.type.name,
    severity: dialect.severityWords[life.type.severity],
    env: 'prod',
  }
  if (life.kind === 'host' || life.kind === 'switch') {
    labels.instance = dialect.hostLabel(life)
  } else if (life.kind === 'pod') {
    labels.pod = life.ci
    if (life.product !== undefined) labels.namespace = life.product
  } else {
    labels.service = life.ci
    if (life.kind === 'service') labels.pod = life.pod
    else labels.job = life.kind
    if (life.product !== undefined) labels.namespace = life.product
  }
  return labels
}

const alertmanagerAlert = (dialect: Dialect, life: Life, resolved: boolean): unknown => {
  const labels = alertmanagerLabels(dialect, life)
  return {
    status: resolved ? 'resolved' : 'firing',
    labels,
    annotations: {
      summary: life.says,
      runbook_url: `https://runbooks.example/${life.type.name}`,
    },
    startsAt: stamp(dialect, life, life.startsAt),
    endsAt: resolved ? stamp(dialect, life, life.endsAt) : NEVER,
    generatorURL: 'http://prometheus.example/graph',
    fingerprint: hash64(JSON.stringify(labels)),
  }
}

/** Alertmanager webhook, version 4. */
export const alertmanagerWebhook = (
  dialect: Dialect,
  groupLabels: Record<string, string>,
  items: readonly { readonly life: Life; readonly resolved: boolean }[],
): unknown => {
  const alerts = items.map(({ life, resolved }) => alertmanagerAlert(dialect, life, resolved))
  const matchers = Object.entries(groupLabels).map(([name, value]) => `${name}="${value}"`)
  return {
    version: '4',
    groupKey: `{}:{${matchers.join(', ')}}`,
    truncatedAlerts: 0,
    status: items.every((item) => item.resolved) ? 'resolved' : 'firing',
    receiver: 'faultline',
    groupLabels,
    commonLabels: groupLabels,
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example:9093',
    alerts,
  }
}

/** The fields of a Zabbix webhook media type, under its usual macro names. */
export const zabbixWebhook = (dialect: Dialect, life: Life, resolved: boolean): unknown => {
  const at = stamp(dialect, life, life.startsAt)
  const severities: Record<Severity, string> = {
    critical: '5',
    error: '4',
    warning: '2',
    info: '1',
  }
  return {
    event_id: String(Number.parseInt(life.nonce.slice(0, 6), 16)),
    trigger_id: String(Number.parseInt(hash64(`${life.type.name}@${life.ci}`).slice(0, 6), 16)),
    event_value: resolved ? '0' : '1',
    event_name: dialect.zabbixTitle(life),
    event_severity: severities[life.type.severity],
    host_name: life.ci,
    event_date: at.slice(0, 10).replaceAll('-', '.'),
    event_time: at.slice(11, 19),
    event_tags: [
      { tag: 'component', value: life.kind },
      { tag: 'product', value: life.product ?? 'infra' },
    ],
  }
}

/** PagerDuty Events API v2. */
export const pagerdutyEvent = (dialect: Dialect, life: Life, resolved: boolean): unknown => ({
  routing_key: 'R0UT1NGK3Y',
  event_action: resolved ? 'resolve' : 'trigger',
  dedup_key: `${life.type.name}/${life.ci}`,
  payload: {
    summary: life.says,
    source: life.ci,
    severity: life.type.severity,
    timestamp: stamp(dialect, life, life.startsAt),
    component: life.kind,
    group: life.product ?? 'infra',
    class: life.type.name,
  },
})

/** CloudEvents 1.0, structured mode. */
export const cloudEvent = (
  dialect: Dialect,
  life: Life,
  resolved: boolean,
  at: Millis,
): unknown => ({
  specversion: '1.0',
  id: hash64(`${life.nonce}${at}`).slice(0, 12),
  source: `/monitors/${life.kind}`,
  type: `com.example.alert.${resolved ? 'resolved' : 'firing'}`,
  subject: life.ci,
  time: stamp(dialect, life, at),
  datacontenttype: 'application/json',
  data: {
    name: life.type.name,
    status: resolved ? 'resolved' : 'firing',
    severity: life.type.severity,
    summary: life.says,
    resource: life.ci,
    labels: { product: life.product ?? '', site: life.site ?? '' },
  },
})
