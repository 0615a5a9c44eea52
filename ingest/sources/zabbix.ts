// Zabbix: a webhook media type that sends its macros as JSON.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { alertType } from '../alert-type.ts'
import { type Fields, isFields, itemsOf, jsonInside, listOf, pairsOf, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source, SourceContext } from '../source.ts'
import { readTime } from '../times.ts'

/** {EVENT.VALUE}: 1 is a problem, 0 its recovery. */
const statuses = wordTable<AlertStatus>({
  '1': 'firing',
  problem: 'firing',
  '0': 'resolved',
  ok: 'resolved',
  resolved: 'resolved',
})

/** What Zabbix leaves where it knows no value: the macro itself, or *UNKNOWN*. */
const UNEXPANDED = /^(\{[A-Z$#?][^}]{0,200}\}|\*UNKNOWN\*)$/

const macro = (fields: Fields, ...names: readonly string[]): string | undefined => {
  for (const name of names) {
    const text = Object.hasOwn(fields, name) ? textOf(fields[name])?.trim() : undefined
    if (text !== undefined && text !== '' && !UNEXPANDED.test(text)) return text
  }
  return undefined
}

/** Tags come as {EVENT.TAGSJSON} (a list, or its text) or as {EVENT.TAGS} (`a:b, c:d`). */
const tagsOf = (value: unknown): Record<string, string> => {
  const list = jsonInside(value) ?? value
  if (!Array.isArray(list)) return pairsOf(value)
  const tags = listOf(list).filter(isFields)
  return Object.fromEntries(
    tags.flatMap(({ tag, value: text }) => {
      const name = textOf(tag)
      return name === undefined ? [] : [[name, textOf(text) ?? '']]
    }),
  )
}

const dateOf = (date: string | undefined, time: string | undefined): string | undefined =>
  date === undefined || time === undefined ? undefined : `${date.replaceAll('.', '-')}T${time}`

const parseEvent = (fields: Fields, { utcOffsetMinutes }: SourceContext): ParsedItem => {
  const updated = macro(fields, 'event_update_status', 'update_status')
  const value = macro(fields, 'event_value', 'trigger_value', 'status', 'event_status')
  const status = statuses.get(value?.toLowerCase() ?? '')
  if (status === undefined)
    return deadLetter('status-unknown', 'event_value is 1 (problem) or 0 (recovered)')
  if (updated === '1' && status === 'firing') return drop('acknowledgement')
  const host = macro(fields, 'host_name', 'host_host', 'hostname', 'host')
  const trigger = macro(fields, 'trigger_id', 'triggerid')
  const text = macro(fields, 'event_name', 'eventname', 'trigger_name', 'alert_subject', 'subject')
  if (trigger === undefined && (text === undefined || host === undefined))
    return deadLetter('identity-missing', 'trigger_id, or event_name with host_name, is needed')
  const problem = text ?? `trigger ${trigger}`
  const name = macro(fields, 'trigger_name_orig', 'trigger_description') ?? problem
  const resolved = status === 'resolved'
  const zone = utcOffsetMinutes
  const startsAt =
    macro(fields, 'event_timestamp') ??
    dateOf(macro(fields, 'event_date'), macro(fields, 'event_time'))
  const endsAt = dateOf(
    macro(fields, 'event_recovery_date', 'recovery_date'),
    macro(fields, 'event_recovery_time', 'recovery_time'),
  )
  return ok({
    status,
    name: alertType(name, [host]),
    severity: macro(fields, 'event_nseverity', 'event_severity', 'severity', 'trigger_severity'),
    summary: problem,
    labels: {
      ...tagsOf(fields.event_tags_json ?? fields.event_tags ?? fields.tags),
      host,
      ip: macro(fields, 'host_ip', 'hostip'),
      hostgroup: macro(fields, 'trigger_hostgroup_name', 'host_group'),
    },
    // The event id changes on recovery; the trigger stays, once for each host that has it.
    identity: [trigger ?? alertType(problem, [host]), host ?? ''],
    startsAt: readTime(startsAt, zone),
    endsAt: resolved ? readTime(endsAt, zone) : undefined,
    link: macro(fields, 'event_url', 'trigger_url', 'url', 'problem_url'),
  })
}

export const zabbix: Source = {
  name: 'zabbix',
  title: 'Zabbix',
  severities: wordTable({
    '0': 'info',
    'not classified': 'info',
    '1': 'info',
    information: 'info',
    '2': 'warning',
    warning: 'warning',
    '3': 'error',
    average: 'error',
    '4': 'error',
    high: 'error',
    '5': 'critical',
    disaster: 'critical',
  }),
  statuses,
  overlong: 'truncate',
  identity: 'trigger id and host (the event id changes on recovery)',
  setup: `Alerts > Media types > Create, type Webhook, with these parameters, and a script that posts
\`value\` as it is to \`{{URL}}/webhooks/zabbix\`:

    event_id         {EVENT.ID}
    trigger_id       {TRIGGER.ID}
    event_value      {EVENT.VALUE}
    event_name       {EVENT.NAME}
    event_nseverity  {EVENT.NSEVERITY}
    host_name        {HOST.NAME}
    host_ip          {HOST.IP}
    event_date       {EVENT.DATE}
    event_time       {EVENT.TIME}
    event_recovery_date  {EVENT.RECOVERY.DATE}
    event_recovery_time  {EVENT.RECOVERY.TIME}
    event_update_status  {EVENT.UPDATE.STATUS}
    event_tags_json  {EVENT.TAGSJSON}

Zabbix sends local time without a zone: set \`ingest.utcOffsetMinutes.zabbix\` where it is not UTC.`,
  items: itemsOf,
  parse: (event, context) =>
    isFields(event)
      ? parseEvent(event, context)
      : deadLetter('shape-unknown', 'an object with the macros of one event is needed'),
}
