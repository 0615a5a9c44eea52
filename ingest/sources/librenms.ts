// LibreNMS: the API transport, posting the alert's fields as JSON.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { alertType } from '../alert-type.ts'
import { type Fields, firstText, isFields, itemsOf, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

/** State 2 is an acknowledgement; 3 and 4 are worse and better, still alerting. */
const statuses = wordTable<AlertStatus>({
  '0': 'resolved',
  '1': 'firing',
  '3': 'firing',
  '4': 'firing',
})

const parseAlert = (alert: Fields): ParsedItem => {
  const state = textOf(alert.state)
  if (state === '2') return drop('acknowledgement')
  const status = statuses.get(state ?? '')
  if (status === undefined) return deadLetter('status-unknown', 'state is 0 to 4')
  const host = firstText(alert, 'hostname', 'sysName', 'display')
  const rule = firstText(alert, 'name', 'rule_name')
  const title = textOf(alert.title)
  const name = rule ?? (title === undefined ? undefined : alertType(title, [host]))
  if (host === undefined || name === undefined)
    return deadLetter('identity-missing', 'hostname, and name or title, are needed')
  const at = readTime(alert.timestamp)
  return ok({
    status,
    name,
    severity: textOf(alert.severity),
    summary: title ?? textOf(alert.msg),
    labels: {
      host,
      os: alert.os,
      ip: alert.ip,
      location: textOf(alert.location),
      hardware: textOf(alert.hardware),
    },
    identity: [firstText(alert, 'rule_id') ?? name, firstText(alert, 'device_id') ?? host],
    startsAt: status === 'resolved' ? undefined : at,
    endsAt: status === 'resolved' ? at : undefined,
  })
}

export const librenms: Source = {
  name: 'librenms',
  title: 'LibreNMS',
  severities: wordTable({ critical: 'critical', warning: 'warning', ok: 'info' }),
  statuses,
  overlong: 'truncate',
  identity: 'rule and device',
  setup: `Alerts > Alert Transports > Create, type *API*, method POST, URL \`{{URL}}/webhooks/librenms\`, header
\`Content-Type=application/json\`, body:

    {"title": "{{ $title }}", "name": "{{ $name }}", "hostname": "{{ $hostname }}",
     "device_id": "{{ $device_id }}", "severity": "{{ $severity }}", "state": {{ $state }},
     "timestamp": "{{ $timestamp }}", "ip": "{{ $ip }}", "os": "{{ $os }}"}

LibreNMS sends local time without a zone: set \`ingest.utcOffsetMinutes.librenms\` where it is not UTC.`,
  items: itemsOf,
  parse: (item) =>
    isFields(item) ? parseAlert(item) : deadLetter('shape-unknown', 'an object is needed'),
}
