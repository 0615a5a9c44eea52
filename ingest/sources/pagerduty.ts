// PagerDuty Events API v2: trigger, acknowledge and resolve by dedup_key.
import type { AlertStatus } from '../../domain/event.ts'
import { hash64 } from '../../domain/hash.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { alertType } from '../alert-type.ts'
import { type Fields, fieldsOf, isFields, itemsOf, listOf, textFields, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

const statuses = wordTable<AlertStatus>({ trigger: 'firing', resolve: 'resolved' })

/** `component: "host"` says what kind of thing `source` is. */
const KINDS = new Set(['host', 'service', 'pod', 'container', 'instance', 'device', 'site'])

const labelsOf = (payload: Fields): Record<string, unknown> => {
  const source = textOf(payload.source)
  const component = textOf(payload.component)
  const kind = component !== undefined && KINDS.has(component) ? component : 'host'
  return { ...textFields(payload.custom_details), [kind]: source, component, group: payload.group }
}

/**
 * The key that the answer to `POST /v2/enqueue` names, so that a later resolve can use it.
 * Like PagerDuty, one is made where the sender gave none; here from what the event is about.
 */
export const dedupKeyOf = (event: unknown): string => {
  const fields = fieldsOf(event)
  const { class: type, source, component, group, summary } = fieldsOf(fields.payload)
  return (
    textOf(fields.dedup_key) ?? hash64(JSON.stringify([type ?? summary, source, component, group]))
  )
}

const parseEvent = (event: unknown): ParsedItem => {
  if (!isFields(event)) return deadLetter('shape-unknown', 'an event must be an object')
  const action = textOf(event.event_action)?.toLowerCase()
  if (action === 'acknowledge') return drop('acknowledgement')
  const status = statuses.get(action ?? '')
  if (status === undefined)
    return deadLetter('status-unknown', 'event_action is trigger, acknowledge or resolve')
  const payload = fieldsOf(event.payload)
  const summary = textOf(payload.summary)
  if (status === 'firing' && (summary === undefined || textOf(payload.source) === undefined))
    return deadLetter('field-invalid', 'payload.summary and payload.source are needed')
  if (status === 'resolved' && textOf(event.dedup_key) === undefined)
    return deadLetter('identity-missing', 'a resolve needs its dedup_key')
  const source = textOf(payload.source)
  const key = dedupKeyOf(event)
  const { href } = fieldsOf(listOf(event.links)[0])
  return ok({
    status,
    name: textOf(payload.class) ?? (summary === undefined ? key : alertType(summary, [source])),
    severity: textOf(payload.severity),
    summary: summary ?? key,
    labels: labelsOf(payload),
    identity: [key],
    startsAt: readTime(payload.timestamp),
    link: textOf(event.client_url) ?? href,
  })
}

export const pagerduty: Source = {
  name: 'pagerduty',
  title: 'PagerDuty Events API v2',
  severities: wordTable({
    critical: 'critical',
    error: 'error',
    warning: 'warning',
    info: 'info',
  }),
  statuses,
  overlong: 'truncate',
  identity: 'dedup_key; without one, class (or summary), source, component and group',
  setup: `Point the integration at \`{{URL}}/v2/enqueue\` instead of events.pagerduty.com/v2/enqueue:

    curl {{URL}}/v2/enqueue -d '{
      "routing_key": "TOKEN", "event_action": "trigger", "dedup_key": "disk-full/db-1",
      "payload": {"summary": "Disk full on db-1", "source": "db-1", "severity": "critical"}}'`,
  items: itemsOf,
  parse: parseEvent,
}
