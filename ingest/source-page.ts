// The documentation page of a source, written from the registry so that it cannot fall behind.
import type { AlertStatus } from '../domain/event.ts'
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

/**
 * @param example a body as the tool sends it when something fires
 * @returns Markdown
 */
export const sourcePage = (source: Source, example: unknown, settings: IngestSettings): string => {
  const overlong =
    source.overlong === 'refuse'
      ? 'An alert with a label beyond the limits is refused.'
      : 'A label beyond the limits is cut, and the event says so.'
  const statuses =
    source.statuses.size === 0 ? 'It only ever fires.' : table(source.statuses, 'status')
  const severities =
    source.severities.size === 0 ? '' : `${table(source.severities, 'severity')}\n\n`
  return `# ${source.title}

## Set up

${source.setup.replaceAll('{{URL}}', EXAMPLE_URL)}

Where tokens are configured, send one: \`Authorization: Bearer TOKEN\`.

## What becomes of it

One condition is told from another by: ${source.identity}.

${statuses}
${expiry(source, settings)}
${severities}Words that are not in the table go by the [general one](README.md#severity); without any word the
alert counts as a warning, and is marked as guessed. ${overlong}

## Try it

    curl -i ${EXAMPLE_URL}/webhooks/${source.name} -H 'content-type: application/json' -d @- <<'END'
${JSON.stringify(example, null, 2).replace(/^/gm, '    ')}
    END
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

Four have the URLs that their senders already use as well: Prometheus \`/api/v2/alerts\`, PagerDuty
\`/v2/enqueue\`, Opsgenie \`/v2/alerts\`, OpenTelemetry \`/v1/logs\`; Faultline's own format is taken at
\`/api/v1/events\`.

## Severity

Each tool's own words come first; then these:

${table(general, 'severity')}
`
}
