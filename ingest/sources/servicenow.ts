// ServiceNow event management: what tools post to em_event, one record or a batch of records.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, ok } from '../../domain/outcome.ts'
import { alertType } from '../alert-type.ts'
import {
  type Fields,
  fieldsOf,
  firstText,
  isFields,
  itemsOf,
  jsonInside,
  textFields,
  textOf,
} from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

/** `resolution_state`; severity 0 clears as well. */
const statuses = wordTable<AlertStatus>({ new: 'firing', closing: 'resolved' })

const parseRecord = (event: Fields): ParsedItem => {
  const severity = textOf(event.severity)
  const state = textOf(event.resolution_state)?.toLowerCase() ?? 'new'
  const status = severity === '0' ? 'resolved' : statuses.get(state)
  if (status === undefined)
    return deadLetter('status-unknown', 'resolution_state is New or Closing')
  const node = textOf(event.node)
  const description = textOf(event.description)
  const type = firstText(event, 'type', 'metric_name')
  const name = type ?? (description === undefined ? undefined : alertType(description, [node]))
  if (name === undefined)
    return deadLetter('name-missing', 'type, metric_name or description is needed')
  const key = textOf(event.message_key)
  if (key === undefined && node === undefined)
    return deadLetter('identity-missing', 'message_key, or node, is needed')
  const at = readTime(event.time_of_event)
  return ok({
    status,
    name,
    severity,
    summary: description,
    labels: {
      ...textFields(jsonInside(event.additional_info)),
      host: node,
      component: event.resource,
      metric: event.metric_name,
      origin: event.source,
      event_class: event.event_class,
    },
    // ServiceNow's own default for an event without a key.
    identity:
      key === undefined
        ? ['source', 'node', 'type', 'resource', 'metric_name'].map(
            (part) => textOf(event[part]) ?? '',
          )
        : [key],
    startsAt: status === 'resolved' ? undefined : at,
    endsAt: status === 'resolved' ? at : undefined,
  })
}

export const servicenow: Source = {
  name: 'servicenow',
  title: 'ServiceNow events',
  severities: wordTable({
    '0': 'info',
    '1': 'critical',
    '2': 'error',
    '3': 'warning',
    '4': 'warning',
    '5': 'info',
  }),
  statuses,
  overlong: 'truncate',
  identity: 'message_key; without one, source, node, type, resource and metric_name',
  setup: `Point a tool that posts to \`/api/global/em/jsonv2\` (or to the em_event table) at \`{{URL}}/webhooks/servicenow\`:

    curl {{URL}}/webhooks/servicenow -d '{"records": [{"source": "SCOM", "node": "db-1",
      "type": "DiskFull", "resource": "/var", "severity": "1", "description": "…"}]}'`,
  items: (payload) => {
    const { records } = fieldsOf(payload)
    return Array.isArray(records) ? records : itemsOf(payload)
  },
  parse: (item) =>
    isFields(item) ? parseRecord(item) : deadLetter('shape-unknown', 'a record must be an object'),
}
