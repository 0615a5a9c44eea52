// Azure Monitor: action groups with the common alert schema.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, ok } from '../../domain/outcome.ts'
import { type Fields, fieldsOf, isFields, itemsOf, listOf, textFields, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

const statuses = wordTable<AlertStatus>({ fired: 'firing', resolved: 'resolved' })

/** `/subscriptions/…/resourceGroups/GROUP/providers/TYPE/…/NAME` */
const partAfter = (id: string, key: string): string | undefined => {
  const parts = id.split('/')
  const at = parts.findIndex((part) => part.toLowerCase() === key)
  return at === -1 ? undefined : parts[at + 1]
}

const parseAlert = (data: Fields): ParsedItem => {
  const essentials = fieldsOf(data.essentials)
  const name = textOf(essentials.alertRule)
  if (name === undefined) return deadLetter('name-missing', 'data.essentials.alertRule is needed')
  const status = statuses.get(textOf(essentials.monitorCondition)?.toLowerCase() ?? '')
  if (status === undefined)
    return deadLetter('status-unknown', 'monitorCondition is Fired or Resolved')
  const target = textOf(listOf(essentials.alertTargetIDs)[0]) ?? ''
  const origin = textOf(essentials.originAlertId)
  return ok({
    status,
    name,
    severity: textOf(essentials.severity),
    summary: textOf(essentials.description),
    labels: {
      ...textFields(data.customProperties),
      host: textOf(listOf(essentials.configurationItems)[0]) ?? target.split('/').at(-1),
      resource_group: partAfter(target, 'resourcegroups'),
      resource_type: partAfter(target, 'providers'),
      signal_type: essentials.signalType,
      monitoring_service: essentials.monitoringService,
    },
    // The alert id is one instance's; the origin lasts over fire, resolve and fire.
    identity: [origin ?? name, origin === undefined ? target : ''],
    startsAt: readTime(essentials.firedDateTime),
    endsAt: status === 'resolved' ? readTime(essentials.resolvedDateTime) : undefined,
    link: essentials.investigationLink,
  })
}

export const azureMonitor: Source = {
  name: 'azure-monitor',
  title: 'Azure Monitor',
  severities: wordTable({
    sev0: 'critical',
    sev1: 'error',
    sev2: 'warning',
    sev3: 'info',
    sev4: 'info',
  }),
  statuses,
  overlong: 'truncate',
  identity: 'originAlertId (the alert id is one instance’s); without it, rule and target',
  setup: `An action group with a *Webhook* action, URI \`{{URL}}/webhooks/azure-monitor\`, and *Enable the common alert
schema* on.`,
  items: itemsOf,
  parse: (item) => {
    const data = fieldsOf(item).data
    if (!isFields(data) || !isFields(data.essentials))
      return deadLetter('shape-unknown', 'the common alert schema (data.essentials) is needed')
    return parseAlert(data)
  },
}
