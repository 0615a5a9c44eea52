// The documentation page of a source, written from the registry so that it cannot fall behind.
import type { AlertEvent, AlertStatus } from '../domain/event.ts'
import type { Severity } from '../domain/severity.ts'
import { HOUR_MS } from '../domain/time.ts'
import type { IngestSettings } from './settings.ts'
import type { Source } from './source.ts'

/** Stands in the pages for where the reader's Faultline is. */
export const EXAMPLE_URL = 'http://faultline.example:8080'

const table = (words: ReadonlyMap<string, Severity | AlertStatus>, ours: string): string => {
  const rows = [...new Set(words.values())].map((meaning) => {
    const same = [...words].filter(([, other]) => other === meaning)
    return `| ${same.map(([word]) => `\`${word}\``).join(', ')} | ${meaning} |`
  })
  return [`| the tool says | ${ours} |`, '|---|---|', ...rows].join('\n')
}

const expiry = (source: Source, settings: IngestSettings): string => {
  const afterMs = settings.expireAfterMs[source.name]
  if (afterMs === undefined) return ''
  const hours = afterMs / HOUR_MS
  return `\nA firing alert that is not heard of again is taken for over after ${hours} h
(\`ingest.expireAfterMs.${source.name}\`).\n`
}

export interface SourceExample {
  /** A body as the tool sends it when something fires. */
  readonly fire: unknown
  /** What became of it. */
  readonly event: AlertEvent
  /** A body as it sends it when that is over. */
  readonly resolve?: unknown
}

/** What the example became, so that one sees which field went where. */
const becomes = ({
  status,
  severity,
  name,
  summary,
  labels,
  link,
  runbook,
}: AlertEvent): string => {
  const cell = (text: string): string => `\`${text.replaceAll('|', '\\|').replaceAll('\n', ' ')}\``
  const rows = [
    ['status', cell(status)],
    ['severity', cell(severity)],
    ['name', cell(name)],
    ['summary', cell(summary)],
    [
      'labels',
      Object.entries(labels)
        .map(([label, value]) => cell(`${label}=${value}`))
        .join(' '),
    ],
    ['link', link === undefined ? '' : cell(link)],
    ['runbook', runbook === undefined ? '' : cell(runbook)],
  ]
  const lines = rows
    .filter(([, value]) => value !== '')
    .map(([field, value]) => `| ${field} | ${value} |`)
  return ['| field | of the example below |', '|---|---|', ...lines].join('\n')
}

const post = (source: Source, body: unknown): string =>
  `    curl -i ${EXAMPLE_URL}/webhooks/${source.name} -H 'content-type: application/json' -d @- <<'END'
${JSON.stringify(body, null, 2).replace(/^/gm, '    ')}
    END`

/** @returns Markdown */
export const sourcePage = (
  source: Source,
  { fire, event, resolve }: SourceExample,
  settings: IngestSettings,
): string => {
  const overlong =
    source.overlong === 'refuse'
      ? 'An alert with a label beyond the limits is refused.'
      : 'A label beyond the limits is cut, and the event says so.'
  const statuses =
    source.statuses.size === 0 ? 'It only ever fires.' : table(source.statuses, 'status')
  const severities =
    source.severities.size === 0 ? '' : `${table(source.severities, 'severity')}\n\n`
  const over =
    resolve === undefined ? '' : `When it is over, the tool sends:\n\n${post(source, resolve)}\n\n`
  return `# ${source.title}

## Set up

${source.setup.replaceAll('{{URL}}', EXAMPLE_URL)}

Give the tool an [integration](../integrations.md) with a token of its own. Send it as
\`Authorization: Bearer TOKEN\`; where the tool cannot set headers, the URL carries it:
\`${EXAMPLE_URL}/i/TOKEN/webhooks/${source.name}\`.

## What becomes of it

One condition is told from another by: ${source.identity}.

${statuses}
${expiry(source, settings)}
${severities}Words that are not in the table go by the [general one](README.md#severity); without any word the
alert counts as a warning, and is marked as guessed. ${overlong}

${becomes(event)}

## Try it

${post(source, fire)}

${over}Saved as \`body.json\`, \`faultline dry-run body.json --source ${source.name}\` shows what would come of it,
without sending anything.
`
}

/** The overview of all sources. */
export const sourceIndex = (
  sources: Iterable<Source>,
  general: ReadonlyMap<string, Severity>,
): string => {
  const rows = [...sources].map(
    ({ name, title, identity }) =>
      `| [${title}](${name}.md) | \`/webhooks/${name}\` | ${identity} |`,
  )
  return `# Sources

Change one URL in the tool, and its alerts arrive. These pages are written from the code
(\`npx vitest run ingest/source-page.test.ts -u\`).

| tool | URL | what names a condition |
|---|---|---|
${rows.join('\n')}

Each is taken under \`/i/TOKEN\` as well, for senders that cannot set headers; see
[integrations](../integrations.md).

Four have the URLs that their senders already use as well: Prometheus \`/api/v2/alerts\`, PagerDuty
\`/v2/enqueue\`, Opsgenie \`/v2/alerts\`, OpenTelemetry \`/v1/logs\`; Faultline's own format is taken at
\`/api/v1/events\`.

## Severity

Each tool's own words come first; then these:

${table(general, 'severity')}
`
}
