// Any JSON, by a field mapping in the configuration.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, ok } from '../../domain/outcome.ts'
import { atPath, isFields, itemsOf, textOf } from '../fields.ts'
import type { GenericMapping } from '../settings.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

/** Where the mapping names no words of its own. */
const statuses = wordTable<AlertStatus>({
  resolved: 'resolved',
  ok: 'resolved',
  closed: 'resolved',
  recovered: 'resolved',
  up: 'resolved',
  clear: 'resolved',
  cleared: 'resolved',
})

const statusOf = (item: unknown, mapping: GenericMapping): AlertStatus => {
  if (mapping.status === undefined) return 'firing'
  const word = textOf(atPath(item, mapping.status))?.toLowerCase() ?? ''
  const resolved = mapping.resolvedWords?.includes(word) ?? statuses.has(word)
  return resolved ? 'resolved' : 'firing'
}

const parseMapped = (item: unknown, mapping: GenericMapping): ParsedItem => {
  const at = (path: string | undefined) => (path === undefined ? undefined : atPath(item, path))
  const name = textOf(at(mapping.name))
  if (name === undefined) return deadLetter('name-missing', `nothing at ${mapping.name}`)
  const labels = Object.entries(mapping.labels).map(([label, path]) => [label, textOf(at(path))])
  return ok({
    status: statusOf(item, mapping),
    name,
    severity: textOf(at(mapping.severity)),
    summary: textOf(at(mapping.summary)),
    labels: Object.fromEntries(labels),
    identity: mapping.identity?.map((path) => textOf(at(path)) ?? ''),
    startsAt: readTime(at(mapping.startsAt)),
    endsAt: readTime(at(mapping.endsAt)),
    link: at(mapping.link),
  })
}

export const generic: Source = {
  name: 'generic',
  title: 'Any JSON',
  severities: wordTable({}),
  statuses,
  overlong: 'truncate',
  identity: 'the fields that the mapping names; without them, name and labels',
  setup: `Say in Faultline's configuration where the tool's fields are, then post to \`{{URL}}/webhooks/generic\`:

    ingest:
      generic:
        items: alerts            # absent: the body is one alert, or an array of them
        name: rule.title
        status: state
        resolvedWords: [closed]
        severity: level
        summary: message
        identity: [rule.id, host]
        startsAt: at
        labels: { host: host, service: tags.service }`,
  items: (payload, { settings: { generic: mapping } }) =>
    itemsOf(mapping?.items === undefined ? payload : atPath(payload, mapping.items)),
  parse: (item, { settings: { generic: mapping } }) => {
    if (mapping === undefined)
      return deadLetter('mapping-missing', 'ingest.generic is not configured')
    return isFields(item)
      ? parseMapped(item, mapping)
      : deadLetter('shape-unknown', 'an object is needed')
  },
}
