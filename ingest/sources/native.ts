// Faultline's own event format: one object, an array, or a line each.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, ok } from '../../domain/outcome.ts'
import { firstText, isFields, itemsOf, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

const statuses = wordTable<AlertStatus>({ firing: 'firing', resolved: 'resolved' })

const parseEvent = (event: unknown): ParsedItem => {
  if (event === undefined) return deadLetter('not-json', 'this line is not JSON')
  if (!isFields(event)) return deadLetter('shape-unknown', 'an event must be an object')
  const name = textOf(event.name)
  if (name === undefined) return deadLetter('name-missing', 'an event needs a name')
  if (event.labels !== undefined && event.labels !== null && !isFields(event.labels))
    return deadLetter('field-invalid', 'labels must be an object')
  const status =
    event.status === undefined ? 'firing' : statuses.get(textOf(event.status)?.toLowerCase() ?? '')
  if (status === undefined) return deadLetter('status-unknown', 'status is firing or resolved')
  const startsAt = readTime(event.startsAt)
  const endsAt = readTime(event.endsAt)
  if (Number.isNaN(startsAt) || Number.isNaN(endsAt))
    return deadLetter('time-invalid', 'times are RFC 3339 or epoch numbers')
  const identity = firstText(event, 'dedupKey', 'dedup_key')
  return ok({
    status,
    name,
    severity: textOf(event.severity),
    summary: textOf(event.summary),
    labels: isFields(event.labels) ? event.labels : {},
    identity: identity === undefined ? undefined : [identity],
    startsAt,
    endsAt,
    link: event.link,
    runbook: event.runbook,
  })
}

export const native: Source = {
  name: 'native',
  title: 'Faultline events API',
  severities: wordTable({}),
  statuses,
  overlong: 'refuse',
  identity: 'dedupKey; without one, name and labels less the volatile ones',
  setup: `Post an object, an array of them, or NDJSON:

    curl {{URL}}/api/v1/events -H 'content-type: application/json' -d '{
      "name": "DiskFull", "status": "firing", "severity": "critical",
      "summary": "/var is full on db-1", "labels": {"host": "db-1", "service": "orders"}}'`,
  items: itemsOf,
  parse: parseEvent,
}
