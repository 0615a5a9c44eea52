// Elastic: Kibana rules through the webhook connector.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { type Fields, fieldsOf, firstText, isFields, itemsOf, pairsOf, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

/** Action groups: whatever is not "recovered" means that the rule holds. */
const statuses = wordTable<AlertStatus>({ recovered: 'resolved' })

const parseAlert = (item: Fields): ParsedItem => {
  const rule = fieldsOf(item.rule)
  const alert = fieldsOf(item.alert)
  const context = fieldsOf(item.context)
  const ruleId = textOf(rule.id) ?? firstText(item, 'rule_id', 'ruleId')
  const name = textOf(rule.name) ?? firstText(item, 'rule_name', 'ruleName')
  if (ruleId === undefined || name === undefined)
    return deadLetter('identity-missing', 'rule.id and rule.name are needed')
  const group =
    firstText(alert, 'actionGroup', 'action_group') ??
    firstText(item, 'action_group', 'actionGroup')
  if (group === undefined) return deadLetter('status-unknown', 'alert.actionGroup is needed')
  if (/^test/i.test(group)) return drop('test-message')
  const status = statuses.get(group.toLowerCase()) ?? 'firing'
  const tags = pairsOf(rule.tags ?? item.tags)
  const alertId = textOf(alert.id) ?? firstText(item, 'alert_id', 'alertId') ?? ''
  const at = readTime(item.date ?? context.timestamp)
  return ok({
    status,
    name,
    severity: textOf(context.severity) ?? tags.severity ?? group.split('.').at(-1),
    summary: firstText(context, 'reason', 'message', 'title') ?? textOf(item.message),
    labels: {
      ...tags,
      host: firstText(context, 'host', 'hostName') ?? textOf(fieldsOf(context.host).name),
      service: firstText(context, 'serviceName', 'service') ?? tags.service,
      alert: alertId,
      environment: textOf(context.environment),
    },
    identity: [ruleId, alertId],
    startsAt: status === 'resolved' ? undefined : at,
    endsAt: status === 'resolved' ? at : undefined,
    link: firstText(context, 'alertDetailsUrl', 'viewInAppUrl') ?? textOf(rule.url),
  })
}

export const elastic: Source = {
  name: 'elastic',
  title: 'Elastic (Kibana)',
  severities: wordTable({
    critical: 'critical',
    high: 'error',
    medium: 'warning',
    low: 'info',
    fired: 'error',
    threshold_met: 'error',
  }),
  statuses,
  overlong: 'truncate',
  identity: 'rule id and alert id',
  setup: `A *Webhook* connector, method POST, URL \`{{URL}}/webhooks/elastic\`; in the rule's actions, for *Alert* and for
*Recovered*, the body:

    {"rule": {"id": "{{rule.id}}", "name": "{{rule.name}}", "url": "{{rule.url}}", "tags": "{{rule.tags}}"},
     "alert": {"id": "{{alert.id}}", "actionGroup": "{{alert.actionGroup}}"}, "date": "{{date}}",
     "context": {"reason": "{{context.reason}}", "alertDetailsUrl": "{{context.alertDetailsUrl}}"}}`,
  items: itemsOf,
  parse: (item) =>
    isFields(item) ? parseAlert(item) : deadLetter('shape-unknown', 'an object is needed'),
}
