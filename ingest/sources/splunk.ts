// Splunk: the search alert's webhook action, and Splunk Observability's detectors.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, ok } from '../../domain/outcome.ts'
import {
  type Fields,
  fieldsOf,
  firstText,
  isFields,
  itemsOf,
  textFields,
  textOf,
} from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

/** Detectors say how it stands; a search alert only ever fires. */
const statuses = wordTable<AlertStatus>({
  anomalous: 'firing',
  ok: 'resolved',
  'manually resolved': 'resolved',
  stopped: 'resolved',
})

/** Fields of the first result that say what it is about; the rest are measurements. */
const RESULT_LABELS = ['host', 'service', 'source', 'sourcetype', 'index', 'site', 'app']

const parseSearch = (alert: Fields, name: string): ParsedItem => {
  const result = fieldsOf(alert.result)
  const host = firstText(result, 'host', 'dest', 'orig_host')
  const labels = Object.fromEntries(RESULT_LABELS.map((label) => [label, textOf(result[label])]))
  return ok({
    status: 'firing',
    name,
    severity: firstText(result, 'severity', 'urgency') ?? textOf(alert.severity),
    summary: firstText(result, 'message', 'summary', 'description', '_raw'),
    labels: { ...labels, host, app: textOf(alert.app) },
    identity: [textOf(alert.app) ?? '', name, host ?? '', textOf(result.service) ?? ''],
    startsAt: readTime(result._time),
    link: alert.results_link,
  })
}

const parseDetector = (alert: Fields, name: string): ParsedItem => {
  const word = firstText(alert, 'statusExtended', 'status')?.toLowerCase() ?? ''
  const status = statuses.get(word) ?? statuses.get(textOf(alert.status)?.toLowerCase() ?? '')
  if (status === undefined) return deadLetter('status-unknown', 'status is anomalous or ok')
  const dimensions = textFields(alert.dimensions)
  const at = readTime(alert.timestamp)
  return ok({
    status,
    name: textOf(alert.rule) ?? name,
    severity: textOf(alert.severity),
    summary: firstText(alert, 'messageTitle', 'description', 'messageBody'),
    labels: { ...dimensions, detector: name },
    identity: [textOf(alert.incidentId) ?? JSON.stringify([name, alert.rule, dimensions])],
    startsAt: at,
    endsAt: status === 'resolved' ? at : undefined,
    link: alert.detectorUrl,
    runbook: alert.runbookUrl,
  })
}

export const splunk: Source = {
  name: 'splunk',
  title: 'Splunk',
  severities: wordTable({
    critical: 'critical',
    major: 'error',
    minor: 'warning',
    warning: 'warning',
    info: 'info',
    '5': 'critical',
    '4': 'error',
    '3': 'warning',
    '2': 'info',
    '1': 'info',
  }),
  statuses,
  overlong: 'truncate',
  identity: 'app, search name, host and service of the first result; of a detector its incident id',
  setup: `Searches: the alert's trigger action *Webhook*, URL \`{{URL}}/webhooks/splunk\`. A
search alert never resolves. Observability: a webhook integration with the same URL as the
detector's recipient.`,
  items: itemsOf,
  parse: (item) => {
    if (!isFields(item)) return deadLetter('shape-unknown', 'an object is needed')
    const search = textOf(item.search_name)
    if (search !== undefined) return parseSearch(item, search)
    const detector = firstText(item, 'detector', 'detectorId')
    if (detector !== undefined) return parseDetector(item, detector)
    return deadLetter('name-missing', 'search_name, or detector, is needed')
  },
}
