// Any JSON, by a field mapping in the configuration.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, ok } from '../../domain/outcome.ts'
import { isFields, itemsOf, textOf } from '../fields.ts'
import type { CompiledMapping } from '../mapping.ts'
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

const statusOf = (item: unknown, { status, resolvedWords }: CompiledMapping): AlertStatus => {
  const word = textOf(status?.(item))?.toLowerCase() ?? ''
  return (resolvedWords ?? statuses).has(word) ? 'resolved' : 'firing'
}

const parseMapped = (item: unknown, mapping: CompiledMapping): ParsedItem => {
  const name = textOf(mapping.name(item))
  if (name === undefined) return deadLetter('name-missing', `nothing at ${mapping.written.name}`)
  const labels = mapping.labels.map(([label, read]) => [label, textOf(read(item))])
  return ok({
    status: statusOf(item, mapping),
    name,
    severity: textOf(mapping.severity?.(item)),
    summary: textOf(mapping.summary?.(item)),
    labels: Object.fromEntries(labels),
    identity: mapping.identity?.map((read) => textOf(read(item)) ?? ''),
    startsAt: readTime(mapping.startsAt?.(item)),
    endsAt: readTime(mapping.endsAt?.(item)),
    link: mapping.link?.(item),
  })
}

export const generic: Source = {
  name: 'generic',
  title: 'Any JSON',
  severities: wordTable({}),
  statuses,
  overlong: 'truncate',
  identity: 'the fields that the mapping names; without them, name and labels',
  setup: `Say where the tool's fields are, as [JMESPath](https://jmespath.site) expressions, then post to
\`{{URL}}/webhooks/generic\`. For one tool, in Faultline's configuration:

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
        labels: { host: host, service: tags.service }

For several, give each an [integration](../integrations.md) with a \`mapping\` of the same fields. Try a
mapping on a recorded body before you rely on it:

    faultline dry-run body.json --mapping mapping.yaml

Within an expression: at most 512 characters, eight members of \`[a, b]\` and \`{a: b}\` in all, no
\`$\`, no \`let\`, no sorting. What an expression cannot find is left out; an item without a name is refused.`,
  items: (payload, { mapping }) =>
    itemsOf(mapping?.items === undefined ? payload : mapping.items(payload)),
  parse: (item, { mapping }) => {
    if (mapping === undefined)
      return deadLetter('mapping-missing', 'neither ingest.generic nor an integration maps it')
    return isFields(item)
      ? parseMapped(item, mapping)
      : deadLetter('shape-unknown', 'an object is needed')
  },
}
