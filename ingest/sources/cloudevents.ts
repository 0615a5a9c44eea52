// CloudEvents 1.0 in JSON: structured, batched, and binary (attributes in ce- headers).
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, ok } from '../../domain/outcome.ts'
import { alertType } from '../alert-type.ts'
import { type Fields, fieldsOf, firstText, isFields, itemsOf, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source, SourceContext } from '../source.ts'
import { readTime } from '../times.ts'

const statuses = wordTable<AlertStatus>({
  firing: 'firing',
  triggered: 'firing',
  raised: 'firing',
  opened: 'firing',
  open: 'firing',
  problem: 'firing',
  active: 'firing',
  alert: 'firing',
  failed: 'firing',
  resolved: 'resolved',
  cleared: 'resolved',
  closed: 'resolved',
  recovered: 'resolved',
  ok: 'resolved',
})

/** A status field, else the last words of the type: `com.example.alert.resolved`. */
const statusOf = (type: string, data: Fields): AlertStatus | undefined => {
  const word = firstText(data, 'status', 'state')?.toLowerCase()
  if (word !== undefined) return statuses.get(word)
  for (const part of type
    .toLowerCase()
    .split(/[._/-]/)
    .reverse()
    .slice(0, TYPE_WORDS_MAX)) {
    const status = statuses.get(part)
    if (status !== undefined) return status
  }
  return undefined
}

const TYPE_WORDS_MAX = 8
const PLACES = ['host', 'instance', 'service', 'pod', 'device', 'component', 'site', 'container']

/** The subject names a service unless a label already says what the event is about. */
const labelsOf = (data: Fields, resource: string | undefined, source: string) => {
  const labels: Record<string, unknown> = { ...fieldsOf(data.labels) }
  for (const place of PLACES) labels[place] ??= textOf(data[place])
  if (PLACES.every((place) => place === 'site' || !textOf(labels[place]))) labels.service = resource
  return { ...labels, cesource: source }
}

const parseEvent = (event: unknown): ParsedItem => {
  if (!isFields(event)) return deadLetter('shape-unknown', 'a CloudEvent must be an object')
  const type = textOf(event.type)
  const source = textOf(event.source)
  if (type === undefined || source === undefined || textOf(event.specversion) === undefined)
    return deadLetter('field-invalid', 'specversion, type and source are needed')
  const data = fieldsOf(event.data)
  const status = statusOf(type, data)
  if (status === undefined)
    return deadLetter('status-unknown', 'data.status, or the end of type, says firing or resolved')
  const resource = textOf(data.resource) ?? textOf(event.subject)
  const summary = firstText(data, 'summary', 'message', 'description', 'title')
  const name = firstText(data, 'name', 'alertname', 'alert', 'rule')
  return ok({
    status,
    name: name ?? alertType(summary ?? type, [resource]),
    severity: firstText(data, 'severity', 'level', 'priority') ?? textOf(event.severity),
    summary,
    labels: labelsOf(data, resource, source),
    startsAt: readTime(data.startsAt ?? event.time),
    endsAt: readTime(data.endsAt),
    link: firstText(data, 'link', 'url'),
    runbook: firstText(data, 'runbook', 'runbook_url'),
  })
}

/** Binary mode: the body is the data, the attributes are headers. */
const fromHeaders = (data: unknown, { headers }: SourceContext): Fields => ({
  specversion: headers['ce-specversion'],
  id: headers['ce-id'],
  type: headers['ce-type'],
  source: headers['ce-source'],
  subject: headers['ce-subject'],
  time: headers['ce-time'],
  data,
})

export const cloudevents: Source = {
  name: 'cloudevents',
  title: 'CloudEvents 1.0',
  severities: wordTable({}),
  statuses,
  overlong: 'refuse',
  identity: 'name, source, subject and labels (the id is one event, not one condition)',
  setup: `Deliver to \`{{URL}}/webhooks/cloudevents\`, structured, batched or binary, with data such as

    {"name": "ReplicationLag", "status": "firing", "severity": "warning",
     "summary": "replica lags 166 s", "resource": "orders-db", "labels": {"site": "fra1"}}`,
  items: itemsOf,
  parse: (item, context) =>
    parseEvent(context.headers['ce-specversion'] === undefined ? item : fromHeaders(item, context)),
}
