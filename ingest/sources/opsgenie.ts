// Opsgenie: its alert API (create, close, acknowledge by alias) and its outgoing webhook.
import type { AlertStatus } from '../../domain/event.ts'
import { hash64 } from '../../domain/hash.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { alertType } from '../alert-type.ts'
import { type Fields, isFields, itemsOf, listOf, pairsOf, textFields, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

/** Actions; a body without one is the API's "create". */
const statuses = wordTable<AlertStatus>({
  create: 'firing',
  close: 'resolved',
  delete: 'resolved',
})

/** Names the condition as Opsgenie does: the alias, or else what the alert is about. */
const aliasOf = (alert: Fields): string =>
  textOf(alert.alias) ?? hash64(JSON.stringify([alert.message, alert.entity, alert.source]))

const labelsOf = (alert: Fields): Record<string, unknown> => {
  const labels = { ...pairsOf(alert.tags), ...textFields(alert.details) }
  const plain = listOf(alert.tags).filter((tag) => !/[:=]/.test(textOf(tag) ?? ':'))
  return {
    ...labels,
    tags: plain.join(','),
    ...(textOf(alert.entity) === undefined ? undefined : { host: alert.entity }),
  }
}

const parseAlert = (item: Fields): ParsedItem => {
  const action = textOf(item.action)?.toLowerCase() ?? 'create'
  const status = statuses.get(action)
  if (status === undefined) return /^ack/.test(action) ? drop('acknowledgement') : drop('no-state')
  const alert = isFields(item.alert) ? item.alert : item
  const message = textOf(alert.message)
  if (status === 'firing' && message === undefined)
    return deadLetter('name-missing', 'message is needed')
  if (message === undefined && textOf(alert.alias) === undefined)
    return deadLetter('identity-missing', 'alias is needed')
  const text = message ?? aliasOf(alert)
  return ok({
    status,
    name: message === undefined ? text : alertType(message, [textOf(alert.entity)]),
    severity: textOf(alert.priority) ?? 'p3',
    summary: text,
    labels: labelsOf(alert),
    identity: [aliasOf(alert)],
    startsAt: readTime(alert.createdAt),
    endsAt: status === 'resolved' ? readTime(alert.updatedAt) : undefined,
  })
}

export const opsgenie: Source = {
  name: 'opsgenie',
  title: 'Opsgenie',
  severities: wordTable({
    p1: 'critical',
    p2: 'error',
    p3: 'warning',
    p4: 'info',
    p5: 'info',
  }),
  statuses,
  overlong: 'truncate',
  identity: 'alias; without one, message, entity and source',
  setup: `Point the tool's Opsgenie API URL at \`{{URL}}\` instead of api.opsgenie.com:

    curl {{URL}}/v2/alerts -H 'Authorization: GenieKey TOKEN' -d '{
      "message": "Disk full on db-1", "alias": "disk-full/db-1", "priority": "P1", "entity": "db-1"}'
    curl '{{URL}}/v2/alerts/disk-full%2Fdb-1/close?identifierType=alias' -d '{}'`,
  items: itemsOf,
  parse: (item) =>
    isFields(item) ? parseAlert(item) : deadLetter('shape-unknown', 'an object is needed'),
}
