// OpenTelemetry: OTLP/HTTP logs; a log record of at least the chosen severity is an event.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { alertType } from '../alert-type.ts'
import { fieldsOf, isFields, listOf, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

/** From the attribute `alert.status`; a plain log record fires. */
const statuses = wordTable<AlertStatus>({ firing: 'firing', resolved: 'resolved' })

/** WARN (the severity numbers of the OpenTelemetry log data model). */
const SEVERITY_NUMBER_MIN = 13
const ERROR_NUMBER = 17
const FATAL_NUMBER = 21

/** Semantic conventions, by the label that the rest of Faultline knows them by. */
const ATTRIBUTE_LABELS = new Map([
  ['service.name', 'service'],
  ['service.namespace', 'service_namespace'],
  ['service.instance.id', 'instance'],
  ['host.name', 'host'],
  ['k8s.pod.name', 'pod'],
  ['k8s.namespace.name', 'namespace'],
  ['k8s.cluster.name', 'cluster'],
  ['k8s.container.name', 'container'],
  ['container.name', 'container'],
  ['deployment.environment.name', 'env'],
  ['deployment.environment', 'env'],
])

const anyValueOf = (value: unknown): string | undefined => {
  const { stringValue, intValue, doubleValue, boolValue } = fieldsOf(value)
  return textOf(stringValue ?? intValue ?? doubleValue ?? boolValue)
}

const attributesOf = (attributes: unknown): Record<string, string> =>
  Object.fromEntries(
    listOf(attributes)
      .slice(0, ATTRIBUTES_MAX)
      .flatMap((attribute) => {
        const { key, value } = fieldsOf(attribute)
        const name = textOf(key)
        const text = anyValueOf(value)
        return name === undefined || text === undefined ? [] : [[name, text]]
      }),
  )

const ATTRIBUTES_MAX = 128

interface LogItem {
  readonly resource: unknown
  readonly record: unknown
}

const severityWord = (number: number): string => {
  if (number >= FATAL_NUMBER) return 'fatal'
  return number >= ERROR_NUMBER ? 'error' : 'warn'
}

const parseRecord = ({ resource, record }: LogItem): ParsedItem => {
  if (!isFields(record)) return deadLetter('shape-unknown', 'a log record must be an object')
  const number = Number(record.severityNumber ?? 0)
  const own = attributesOf(record.attributes)
  const named = textOf(record.eventName) ?? own['event.name'] ?? own['alert.name']
  if (number < SEVERITY_NUMBER_MIN && own['alert.status'] === undefined) return drop('no-state')
  const body = anyValueOf(record.body) ?? textOf(record.body)
  const of = attributesOf(fieldsOf(resource).attributes)
  const name = named ?? (body === undefined ? undefined : alertType(body, [of['host.name']]))
  if (name === undefined) return deadLetter('name-missing', 'a body or an event name is needed')
  const labels: Record<string, unknown> = {}
  for (const [key, value] of Object.entries({ ...of, ...own }))
    if (ATTRIBUTE_LABELS.has(key)) labels[ATTRIBUTE_LABELS.get(key)!] = value
  const status = statuses.get(own['alert.status']?.toLowerCase() ?? 'firing') ?? 'firing'
  return ok({
    status,
    name,
    severity: number >= SEVERITY_NUMBER_MIN ? severityWord(number) : textOf(record.severityText),
    summary: body,
    labels,
    identity: [String(labels.service ?? ''), String(labels.host ?? ''), name],
    startsAt: readTime(record.timeUnixNano) ?? readTime(record.observedTimeUnixNano),
  })
}

export const otlp: Source = {
  name: 'otlp',
  title: 'OpenTelemetry logs (OTLP/HTTP)',
  severities: wordTable({ fatal: 'critical', error: 'error', warn: 'warning' }),
  statuses,
  overlong: 'truncate',
  identity: 'service, host and event name (or the body less its volatile parts)',
  setup: `An \`otlphttp\` exporter of the Collector, for logs, behind a filter that keeps what is worth an alert:

    exporters:
      otlphttp/faultline:
        logs_endpoint: {{URL}}/v1/logs
        encoding: json

Records below WARN are ignored.`,
  items: (payload) => {
    const { resourceLogs } = fieldsOf(payload)
    if (!Array.isArray(resourceLogs)) return [payload]
    return resourceLogs.flatMap((group: unknown) =>
      listOf(fieldsOf(group).scopeLogs).flatMap((scope) =>
        listOf(fieldsOf(scope).logRecords).map(
          (record): LogItem => ({
            resource: fieldsOf(group).resource,
            record,
          }),
        ),
      ),
    )
  },
  parse: (item, _context, payload) =>
    item === payload
      ? deadLetter('shape-unknown', 'resourceLogs is needed')
      : parseRecord(item as LogItem),
}
