// Prometheus and Alertmanager: the v2 API's array as well as the webhook's version 4.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { fieldsOf, isFields, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { EventDraft, ParsedItem, Source, SourceContext } from '../source.ts'
import { readTime } from '../times.ts'

const statuses = wordTable<AlertStatus>({ firing: 'firing', resolved: 'resolved' })

const draftOf = (
  labels: Readonly<Record<string, unknown>>,
  alert: Readonly<Record<string, unknown>>,
  times: Pick<EventDraft, 'status' | 'startsAt' | 'endsAt'>,
): ParsedItem => {
  const annotations = fieldsOf(alert.annotations)
  return ok({
    status: times.status,
    startsAt: times.startsAt,
    endsAt: times.endsAt,
    name: textOf(labels.alertname) ?? UNNAMED,
    severity: textOf(labels.severity),
    summary:
      textOf(annotations.summary) ?? textOf(annotations.message) ?? textOf(annotations.description),
    labels,
    link: alert.generatorURL,
    runbook: annotations.runbook_url,
  })
}

/** Alertmanager takes alerts without an alertname, so they are no error here either. */
const UNNAMED = 'unnamed'

const hasLabels = (labels: Readonly<Record<string, unknown>>): boolean => {
  for (const _ in labels) return true
  return false
}

const labelsMissing = (): ParsedItem => deadLetter('labels-missing', 'at least one label is needed')

/** No status field: an end in the past is a resolve, one in the future an expiry. */
const parseApiAlert = (alert: unknown, { receivedAt, settings }: SourceContext): ParsedItem => {
  if (!isFields(alert)) return deadLetter('shape-unknown', 'an alert must be an object')
  if (!isFields(alert.labels) || !hasLabels(alert.labels)) return labelsMissing()
  const endsAt = readTime(alert.endsAt)
  const startsAt = readTime(alert.startsAt)
  if (Number.isNaN(endsAt)) return deadLetter('time-invalid', 'endsAt is not RFC 3339')
  if (Number.isNaN(startsAt)) return deadLetter('time-invalid', 'startsAt is not RFC 3339')
  if (endsAt === undefined) {
    const expiry = receivedAt + settings.resolveTimeoutMs
    return draftOf(alert.labels, alert, { status: 'firing', startsAt, endsAt: expiry })
  }
  if (startsAt !== undefined && endsAt < startsAt)
    return deadLetter('time-invalid', 'endsAt is before startsAt')
  const status = endsAt <= receivedAt ? 'resolved' : 'firing'
  return draftOf(alert.labels, alert, { status, startsAt: startsAt ?? undefined, endsAt })
}

const parseWebhookAlert = (alert: unknown): ParsedItem => {
  if (!isFields(alert)) return deadLetter('shape-unknown', 'an alert must be an object')
  if (!isFields(alert.labels) || !hasLabels(alert.labels)) return labelsMissing()
  const status = statuses.get(textOf(alert.status)?.toLowerCase() ?? '')
  if (status === undefined) return deadLetter('status-unknown', 'status is firing or resolved')
  const startsAt = readTime(alert.startsAt)
  return draftOf(alert.labels, alert, { status, startsAt, endsAt: readTime(alert.endsAt) })
}

export const alertmanager: Source = {
  name: 'alertmanager',
  title: 'Prometheus and Alertmanager',
  severities: wordTable({ page: 'critical', ticket: 'warning' }),
  statuses,
  overlong: 'refuse',
  identity:
    'the labels, less severity and the volatile ones (replica and the like); a pod counts as its workload',
  setup: `Prometheus, straight from the server:

    alerting:
      alertmanagers:
        - static_configs: [{ targets: ['HOST:PORT'] }]   # {{URL}} without its scheme

Or Alertmanager, as a receiver:

    receivers:
      - name: faultline
        webhook_configs:
          - url: {{URL}}/webhooks/alertmanager
            send_resolved: true`,
  items: (payload) => {
    if (Array.isArray(payload)) return payload
    const { alerts, truncatedAlerts } = fieldsOf(payload)
    if (!Array.isArray(alerts)) return [payload]
    return Number(truncatedAlerts) > 0 ? [...alerts, payload] : alerts
  },
  parse: (item, context, payload) => {
    if (Array.isArray(payload)) return parseApiAlert(item, context)
    if (item !== payload) return parseWebhookAlert(item)
    if (Array.isArray(fieldsOf(payload).alerts)) return drop('truncated-by-sender')
    return deadLetter('shape-unknown', 'an array of alerts, or an object with alerts, is needed')
  },
}
