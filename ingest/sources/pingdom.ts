// Pingdom: the state-change webhook of uptime and transaction checks.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { type Fields, fieldsOf, isFields, itemsOf, listOf, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

/** Transaction checks say FAILING and SUCCESS. */
const statuses = wordTable<AlertStatus>({
  down: 'firing',
  failing: 'firing',
  up: 'resolved',
  success: 'resolved',
})

const parseCheck = (check: Fields): ParsedItem => {
  const name = textOf(check.check_name)
  const id = textOf(check.check_id)
  if (id === undefined || name === undefined)
    return deadLetter('identity-missing', 'check_id and check_name are needed')
  const state = textOf(check.current_state)?.toLowerCase() ?? ''
  if (state === 'unconfirmed_down') return drop('no-state')
  const status = statuses.get(state)
  if (status === undefined)
    return deadLetter('status-unknown', 'current_state is UP, DOWN, SUCCESS or FAILING')
  const parameters = fieldsOf(check.check_params)
  const at = readTime(check.state_changed_timestamp ?? check.state_changed_utc_time)
  return ok({
    status,
    name,
    severity: textOf(check.importance_level),
    summary:
      textOf(check.custom_message) ?? textOf(check.long_description) ?? textOf(check.description),
    labels: {
      host: textOf(parameters.hostname),
      check: name,
      check_type: check.check_type,
      tags: listOf(check.tags)
        .filter((tag) => typeof tag === 'string')
        .join(','),
    },
    identity: [id],
    startsAt: at,
    endsAt: status === 'resolved' ? at : undefined,
  })
}

export const pingdom: Source = {
  name: 'pingdom',
  title: 'Pingdom',
  severities: wordTable({ high: 'critical', low: 'warning' }),
  statuses,
  overlong: 'truncate',
  identity: 'check id',
  setup: `Settings > Integrations > Add integration, type *Webhook*, URL \`{{URL}}/webhooks/pingdom\`; then tick it on the
checks, with *Alert when back up*.`,
  items: itemsOf,
  parse: (item) =>
    isFields(item) ? parseCheck(item) : deadLetter('shape-unknown', 'an object is needed'),
}
