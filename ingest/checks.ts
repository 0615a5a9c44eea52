// What Nagios, Icinga and Checkmk share: notifications about the state of a host or a check on it.
import type { AlertStatus } from '../domain/event.ts'
import { deadLetter, drop, ok } from '../domain/outcome.ts'
import type { Severity } from '../domain/severity.ts'
import { type Fields, isFields, textOf } from './fields.ts'
import { wordTable } from './severities.ts'
import type { ParsedItem } from './source.ts'
import { readTime } from './times.ts'

export const CHECK_SEVERITIES = wordTable<Severity>({
  critical: 'critical',
  down: 'critical',
  unreachable: 'error',
  unreach: 'error',
  warning: 'warning',
  unknown: 'warning',
  ok: 'info',
  up: 'info',
  pending: 'info',
})

/** Notification types; where there is none, the state decides. */
export const CHECK_STATUSES = wordTable<AlertStatus>({
  problem: 'firing',
  recovery: 'resolved',
  critical: 'firing',
  crit: 'firing',
  warning: 'firing',
  warn: 'firing',
  unknown: 'firing',
  down: 'firing',
  unreachable: 'firing',
  unreach: 'firing',
  ok: 'resolved',
  up: 'resolved',
})

/** Flapping, downtime, acknowledgement and custom notifications change no state. */
const OTHER_TYPE = /^(acknowledg|flapping|downtime|custom)/

/** `NOTIFY_HOSTNAME`, `HOST_NAME`, `host.name` and `$HOSTNAME$` all mean hostname. */
const plainFields = (item: Fields): ReadonlyMap<string, string> => {
  const plain = new Map<string, string>()
  for (const [name, value] of Object.entries(item).slice(0, FIELDS_MAX)) {
    const text = textOf(value)?.trim()
    const key = name
      .toLowerCase()
      .replace(/^(notify|nagios)_/, '')
      .replace(/[^a-z\d]/g, '')
    if (text !== undefined && text !== '' && !/^\$[A-Z]/.test(text)) plain.set(key, text)
  }
  return plain
}

const FIELDS_MAX = 500

export const parseCheck = (item: unknown): ParsedItem => {
  if (!isFields(item)) return deadLetter('shape-unknown', 'an object with the macros is needed')
  const fields = plainFields(item)
  const first = (...names: readonly string[]) => names.map((n) => fields.get(n)).find(Boolean)
  const host = first('hostname', 'hostalias', 'host')
  if (host === undefined) return deadLetter('identity-missing', 'HOSTNAME is needed')
  const check = first('servicedesc', 'servicename', 'servicedisplayname', 'service')
  const state = check === undefined ? first('hoststate', 'state') : first('servicestate', 'state')
  const type = first('notificationtype', 'type')?.toLowerCase()
  if (type !== undefined && OTHER_TYPE.test(type))
    return drop(type.startsWith('ack') ? 'acknowledgement' : 'no-state')
  const status = CHECK_STATUSES.get(type ?? '') ?? CHECK_STATUSES.get(state?.toLowerCase() ?? '')
  if (status === undefined)
    return deadLetter('status-unknown', 'NOTIFICATIONTYPE is PROBLEM or RECOVERY')
  const output =
    check === undefined ? first('hostoutput', 'output') : first('serviceoutput', 'output')
  return ok({
    status,
    // A check is no service in the desk's sense, so it gets a label of its own.
    name: check ?? 'HostState',
    severity: state,
    summary: output ?? `${check ?? host} is ${state ?? status}`,
    labels: {
      host,
      check,
      ip: first('hostaddress', 'hostipv4address'),
      hostgroup: first('hostgroupname', 'hostgroupnames'),
      servicegroup: first('servicegroupname', 'servicegroupnames'),
      contact: first('contactname'),
    },
    identity: [host, check ?? ''],
    startsAt: readTime(
      first(
        'laststatechange',
        check === undefined ? 'lasthoststatechange' : 'lastservicestatechange',
      ) ?? first('timet', 'microtime', 'date'),
    ),
    link: first('url', 'serviceurl', 'hosturl', 'servicenotesurl', 'serviceactionurl'),
  })
}
