// Grafana: unified alerting's webhook and the legacy one of the dashboards' own alerts.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { type Fields, fieldsOf, isFields, listOf, textFields, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { alertmanager } from './alertmanager.ts'

/** Unified says firing and resolved, legacy the rest; pending and paused are no state change. */
const statuses = wordTable<AlertStatus>({
  firing: 'firing',
  resolved: 'resolved',
  alerting: 'firing',
  no_data: 'firing',
  ok: 'resolved',
})

/** What the "Test" button of a contact point sends. */
const isTest = (alert: Fields): boolean => {
  const labels = fieldsOf(alert.labels)
  return labels.alertname === 'TestAlert' && labels.instance === 'Grafana'
}

/** `ok` has empty evalMatches, so the rule is the identity, never its series. */
const parseLegacy = (alert: Fields): ParsedItem => {
  const state = textOf(alert.state)?.toLowerCase() ?? ''
  const status = statuses.get(state)
  const rule = textOf(alert.ruleId)
  const name = textOf(alert.ruleName)
  if (rule === undefined || name === undefined)
    return deadLetter('identity-missing', 'ruleId and ruleName are needed')
  if (name === 'Test notification') return drop('test-message')
  if (status === undefined)
    return state === 'pending' || state === 'paused'
      ? drop('no-state')
      : deadLetter('status-unknown', 'state is alerting, no_data, ok, pending or paused')
  const { tags, metric } = fieldsOf(listOf(alert.evalMatches)[0])
  return ok({
    status,
    name,
    severity: textOf(fieldsOf(alert.tags).severity) ?? state,
    summary: textOf(alert.message) ?? textOf(alert.title),
    labels: { ...textFields(tags), ...textFields(alert.tags), metric: textOf(metric) },
    identity: [textOf(alert.orgId) ?? '', rule],
    link: alert.ruleUrl,
  })
}

export const grafana: Source = {
  name: 'grafana',
  title: 'Grafana alerting',
  severities: wordTable({ alerting: 'error', no_data: 'warning' }),
  statuses,
  overlong: 'truncate',
  identity: 'the labels, as for Alertmanager; of a legacy alert its organisation and rule',
  setup: `Alerting > Contact points > Add, integration *Webhook*, URL \`{{URL}}/webhooks/grafana\`, method POST.
Leave *Disable resolved message* off. Put the token, if there is one, into *Authorization header*.`,
  items: (payload, context) =>
    isFields(payload) && payload.ruleId !== undefined
      ? [payload]
      : alertmanager.items(payload, context),
  parse: (item, context, payload) => {
    if (!isFields(item)) return alertmanager.parse(item, context, payload)
    if (item === payload && item.ruleId !== undefined) return parseLegacy(item)
    return isTest(item) ? drop('test-message') : alertmanager.parse(item, context, payload)
  },
}
