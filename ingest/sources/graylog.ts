// Graylog: the HTTP event notification. It never says that an event is over, so events expire.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { type Fields, fieldsOf, isFields, itemsOf, listOf, textFields, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

const parseEvent = (item: Fields): ParsedItem => {
  const event = fieldsOf(item.event)
  if (/^test-dummy/.test(textOf(item.event_definition_type) ?? '')) return drop('test-message')
  const name = textOf(item.event_definition_title)
  const definition = textOf(item.event_definition_id) ?? textOf(event.event_definition_id)
  if (name === undefined || definition === undefined)
    return deadLetter(
      'identity-missing',
      'event_definition_id and event_definition_title are needed',
    )
  const groups = textFields(event.group_by_fields)
  const fields = textFields(event.fields)
  const key = [textOf(event.key), ...listOf(event.key_tuple).map(textOf)]
  return ok({
    status: 'firing',
    name,
    severity: textOf(event.priority) ?? textOf(item.event_definition_priority),
    summary: textOf(event.message) ?? textOf(item.event_definition_description),
    labels: {
      ...fields,
      ...groups,
      host: groups.host ?? fields.host ?? groups.source ?? fields.source,
    },
    identity: [
      definition,
      ...key.map((part) => part ?? ''),
      ...Object.entries(groups)
        .sort()
        .flatMap(([group, value]) => [group, String(value)]),
    ],
    startsAt: readTime(event.timestamp),
  })
}

export const graylog: Source = {
  name: 'graylog',
  title: 'Graylog',
  severities: wordTable({
    '1': 'info',
    '2': 'warning',
    '3': 'error',
    '4': 'critical',
  }),
  statuses: wordTable<AlertStatus>({}),
  overlong: 'truncate',
  identity: 'event definition, key and group-by fields',
  setup: `Alerts > Notifications > Create, type *HTTP Notification*, URL \`{{URL}}/webhooks/graylog\`; then add it to
the event definitions.`,
  items: itemsOf,
  parse: (item) =>
    isFields(item) ? parseEvent(item) : deadLetter('shape-unknown', 'an object is needed'),
}
