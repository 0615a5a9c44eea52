// Datadog: the webhooks integration, as JSON or form-encoded, with whatever variables it was given.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { alertType } from '../alert-type.ts'
import { type Fields, fieldsOf, isFields, itemsOf, pairsOf, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

const statuses = wordTable<AlertStatus>({
  triggered: 'firing',
  're-triggered': 'firing',
  'no data': 'firing',
  're-no data': 'firing',
  warn: 'firing',
  're-warn': 'firing',
  renotify: 'firing',
  error: 'firing',
  warning: 'firing',
  alert: 'firing',
  recovered: 'resolved',
  success: 'resolved',
  ok: 'resolved',
})

/** A variable that Datadog does not know stays as it was written. */
const known = (fields: Fields, ...names: readonly string[]): string | undefined => {
  for (const name of names) {
    const text = Object.hasOwn(fields, name) ? textOf(fields[name])?.trim() : undefined
    if (text !== undefined && text !== '' && !/^\$[A-Z_]+$/.test(text)) return text
  }
  return undefined
}

/** "[Triggered on {host:web-1}] [P2] High CPU" */
const PREFIX = /^\s*\[[^\]]{0,200}\]\s*/
const WORD_IN_PREFIX = /^\s*\[(?:P\d\]\s*\[)?([A-Za-z- ]+?)(?: on [^\]]*)?\]/

const plainTitle = (title: string): string => {
  let plain = title
  for (let i = 0; i < PREFIXES_MAX && PREFIX.test(plain); i++) plain = plain.replace(PREFIX, '')
  return plain === '' ? title : plain
}

const PREFIXES_MAX = 4

const statusOf = (fields: Fields, title: string): AlertStatus | undefined => {
  const words = [
    known(fields, 'alert_transition', 'transition'),
    WORD_IN_PREFIX.exec(title)?.[1],
    known(fields, 'alert_type', 'event_alert_type'),
    known(fields, 'alert_status', 'status'),
  ]
  return words.map((word) => statuses.get(word?.toLowerCase() ?? '')).find(Boolean)
}

const parseEvent = (fields: Fields): ParsedItem => {
  const title = known(fields, 'title', 'event_title', 'alert_title')
  if (title === undefined) return deadLetter('name-missing', 'title ($EVENT_TITLE) is needed')
  if (/^\s*\[TEST\]/i.test(title)) return drop('test-message')
  const status = statusOf(fields, title)
  if (status === undefined)
    return deadLetter('status-unknown', 'alert_transition ($ALERT_TRANSITION) is needed')
  const tags = pairsOf(fields.tags)
  const host = known(fields, 'hostname', 'host') ?? tags.host
  const name = known(fields, 'alert_title', 'monitor_name') ?? plainTitle(title)
  const key = known(fields, 'aggreg_key', 'alert_cycle_key')
  const monitor = known(fields, 'alert_id', 'monitor_id')
  const scope = known(fields, 'alert_scope', 'scope') ?? host ?? ''
  return ok({
    status,
    name: alertType(plainTitle(name), [host]),
    severity:
      known(fields, 'severity', 'alert_priority', 'alert_type') ??
      known(fields, 'alert_transition')?.toLowerCase(),
    summary: plainTitle(title),
    labels: { ...tags, host, monitor, org: textOf(fieldsOf(fields.org).name) },
    // A cycle key names one cycle; the aggregation key or the monitor in its scope lasts.
    identity:
      monitor !== undefined
        ? [monitor, scope]
        : [known(fields, 'aggreg_key') ?? key ?? plainTitle(name), scope],
    startsAt: readTime(known(fields, 'date', 'last_updated')),
    link: known(fields, 'link', 'url'),
  })
}

export const datadog: Source = {
  name: 'datadog',
  title: 'Datadog',
  severities: wordTable({
    error: 'error',
    warning: 'warning',
    success: 'info',
    triggered: 'error',
    warn: 'warning',
    'no data': 'warning',
    p1: 'critical',
    p2: 'error',
    p3: 'warning',
    p4: 'info',
    p5: 'info',
    normal: 'warning',
    low: 'info',
  }),
  statuses,
  overlong: 'truncate',
  identity: 'monitor id and scope; without them $AGGREG_KEY, or the title',
  setup: `Integrations > Webhooks > New, URL \`{{URL}}/webhooks/datadog\`, payload:

    {"title": "$EVENT_TITLE", "alert_title": "$ALERT_TITLE", "alert_id": "$ALERT_ID",
     "alert_scope": "$ALERT_SCOPE", "alert_transition": "$ALERT_TRANSITION",
     "alert_priority": "$ALERT_PRIORITY", "alert_type": "$ALERT_TYPE", "hostname": "$HOSTNAME",
     "tags": "$TAGS", "date": "$DATE", "link": "$LINK", "aggreg_key": "$AGGREG_KEY"}

then \`@webhook-faultline\` in the monitors' messages. *Encode as form* works as well.`,
  items: itemsOf,
  parse: (item) =>
    isFields(item) ? parseEvent(item) : deadLetter('shape-unknown', 'an object is needed'),
}
