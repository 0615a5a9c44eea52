// Syslog, RFC 5424 and RFC 3164: a message of severity warning or worse is an event.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { DAY_MS, type Millis } from '../../domain/time.ts'
import { alertType } from '../alert-type.ts'
import { itemsOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source, SourceContext } from '../source.ts'
import { readTime } from '../times.ts'

/** Numerically: 4 is warning, 5 notice. */
const SEVERITY_MAX = 4
const PRIORITY_MAX = 191
const LINE_LENGTH_MAX = 8_192

const PRIORITY = /^<(\d{1,3})>/
/** Version, time, host, application, process, message id; then structured data and text. */
const HEADER_5424 = /^1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) /
const HEADER_3164 = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d) (\S{1,255}) /
const TAG = /^([^\s:[\]]{1,48})(?:\[[^\]]{0,32}\])?: ?/
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'

interface Message {
  readonly at: Millis | undefined
  readonly host: string | undefined
  readonly app: string | undefined
  readonly id: string | undefined
  readonly text: string
}

const given = (field: string | undefined): string | undefined =>
  field === '-' || field === '' ? undefined : field

/** Past the structured data, whose quoted values may hold brackets. */
const afterStructuredData = (rest: string): string => {
  if (rest.startsWith('-')) return rest.slice(1)
  let quoted = false
  for (let i = 0; i < rest.length; i++) {
    const mark = rest[i]
    if (mark === '\\') i += 1
    else if (mark === '"') quoted = !quoted
    else if (!quoted && mark === ']' && rest[i + 1] !== '[') return rest.slice(i + 1)
  }
  return ''
}

const read5424 = (fields: RegExpExecArray, rest: string, offset: number): Message => {
  const [, time, host, app, , id] = fields
  const text = afterStructuredData(rest).replace(/^ ?\ufeff?/, '')
  const at = readTime(given(time), offset)
  return { at, host: given(host), app: given(app), id: given(id), text }
}

/** Without a year: the one that brings it nearest to the receive time. */
const read3164 = (fields: RegExpExecArray, rest: string, context: SourceContext): Message => {
  const [, month = '', day = '', time = '', host] = fields
  const number = String(MONTHS.indexOf(month) / 3 + 1).padStart(2, '0')
  const year = new Date(context.receivedAt).getUTCFullYear()
  const candidates = [year - 1, year, year + 1].map((y) =>
    readTime(`${y}-${number}-${day.replace(' ', '0')}T${time}`, context.utcOffsetMinutes),
  )
  const distance = (at: Millis | undefined) => Math.abs((at ?? Number.NaN) - context.receivedAt)
  const at = candidates.find((candidate) => distance(candidate) < HALF_A_YEAR_MS)
  const app = TAG.exec(rest)
  return { at, host, app: app?.[1], id: undefined, text: rest.slice(app?.[0].length ?? 0) }
}

const HALF_A_YEAR_MS = 183 * DAY_MS

const readMessage = (rest: string, context: SourceContext): Message => {
  const modern = HEADER_5424.exec(rest)
  if (modern !== null)
    return read5424(modern, rest.slice(modern[0].length), context.utcOffsetMinutes)
  const old = HEADER_3164.exec(rest)
  if (old !== null) return read3164(old, rest.slice(old[0].length), context)
  return { at: undefined, host: undefined, app: undefined, id: undefined, text: rest }
}

const parseLine = (line: string, context: SourceContext): ParsedItem => {
  const head = PRIORITY.exec(line)
  const priority = Number(head?.[1] ?? Number.NaN)
  if (head === null || priority > PRIORITY_MAX)
    return deadLetter('shape-unknown', 'a message begins with <priority>')
  const severity = priority % 8
  if (severity > SEVERITY_MAX) return drop('no-state')
  const { at, host, app, id, text } = readMessage(
    line.slice(head[0].length, LINE_LENGTH_MAX),
    context,
  )
  const type = id ?? alertType(text, [host])
  const name = [app, type === '' ? undefined : type].filter(Boolean).join(': ')
  if (name === '') return deadLetter('name-missing', 'the message says nothing')
  return ok({
    status: 'firing',
    name,
    severity: String(severity),
    summary: text,
    labels: { host, app, facility: String(Math.floor(priority / 8)) },
    identity: [host ?? '', app ?? '', type],
    startsAt: at,
  })
}

export const syslog: Source = {
  name: 'syslog',
  title: 'Syslog',
  severities: wordTable({
    '0': 'critical',
    '1': 'critical',
    '2': 'critical',
    '3': 'error',
    '4': 'warning',
  }),
  statuses: wordTable<AlertStatus>({}),
  overlong: 'truncate',
  identity: 'host, application and message id (or the text less its volatile parts)',
  setup: `Devices and daemons send as they are used to, once Faultline listens (RFC 5424 and 3164; over TCP
octet-counted or by line). Syslog carries no token, so name the networks that may send:

    ingest:
      syslog: { host: 0.0.0.0, udp: 5514, tcp: 5514, allow: [10.0.0.0/8] }

    *.warning @@faultline.example:5514      # rsyslog: @ is UDP, @@ TCP

Over UDP, what comes faster than the log takes it is lost and counted
(\`faultline_syslog_lost_total\`); over TCP the sender is read more slowly.

Or from rsyslog as lines over HTTP, which can carry a token and is acknowledged:

    module(load="omhttp")
    template(name="line" type="string" string="<%PRI%>1 %TIMESTAMP:::date-rfc3339% %HOSTNAME% %APP-NAME% %PROCID% %MSGID% - %msg%")
    *.warning action(type="omhttp" server="faultline.example" serverport="8080"
                     restpath="webhooks/syslog" template="line" httpcontenttype="application/x-syslog")

Messages of severity notice and below are ignored.`,
  items: itemsOf,
  parse: (item, context) =>
    typeof item === 'string'
      ? parseLine(item, context)
      : deadLetter('shape-unknown', 'a line of text is needed'),
}
