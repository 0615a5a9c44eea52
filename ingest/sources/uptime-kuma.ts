// Uptime Kuma: the webhook notification (JSON body).
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { fieldsOf, isFields, itemsOf, listOf, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

/** Of a heartbeat: 2 is pending and 3 maintenance, which are no state change. */
const statuses = wordTable<AlertStatus>({ '0': 'firing', '1': 'resolved' })

const tagsOf = (tags: unknown): Record<string, unknown> =>
  Object.fromEntries(
    listOf(tags)
      .filter(isFields)
      .map(({ name, value }) => [textOf(name) ?? '', textOf(value) ?? ''])
      .filter(([name]) => name !== ''),
  )

const hostOf = (monitor: Record<string, unknown>): string | undefined => {
  const url = textOf(monitor.url)
  const fromUrl = url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined
  return textOf(monitor.hostname) ?? (fromUrl === '' ? undefined : fromUrl)
}

const parseBeat = (item: unknown): ParsedItem => {
  const { heartbeat, monitor, msg } = fieldsOf(item)
  const message = textOf(msg)
  if (!isFields(monitor) || !isFields(heartbeat)) {
    if (message === undefined)
      return deadLetter('shape-unknown', 'monitor and heartbeat are needed')
    return drop(/test/i.test(message) ? 'test-message' : 'no-state')
  }
  const name = textOf(monitor.name)
  if (name === undefined) return deadLetter('name-missing', 'monitor.name is needed')
  const code = textOf(heartbeat.status) ?? ''
  const status = statuses.get(code)
  if (status === undefined)
    return code === '2' || code === '3'
      ? drop('no-state')
      : deadLetter('status-unknown', 'heartbeat.status is 0 to 3')
  const at = readTime(heartbeat.time)
  return ok({
    status,
    name,
    severity: code,
    summary: textOf(heartbeat.msg) ?? message,
    labels: {
      ...tagsOf(monitor.tags),
      host: hostOf(monitor),
      monitor: name,
      type: textOf(monitor.type),
    },
    identity: [textOf(monitor.id) ?? textOf(heartbeat.monitorID) ?? name],
    startsAt: at,
    endsAt: status === 'resolved' ? at : undefined,
  })
}

export const uptimeKuma: Source = {
  name: 'uptime-kuma',
  title: 'Uptime Kuma',
  severities: wordTable({ '0': 'error', '1': 'info' }),
  statuses,
  overlong: 'truncate',
  identity: 'the monitor’s id',
  setup: `Settings > Notifications > Set up, type *Webhook*, post URL \`{{URL}}/webhooks/uptime-kuma\`, body *JSON*.`,
  items: itemsOf,
  parse: parseBeat,
}
