// New Relic: workflow webhooks (issues) and the legacy notification channel (incidents).
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { alertType } from '../alert-type.ts'
import {
  type Fields,
  fieldsOf,
  firstText,
  isFields,
  itemsOf,
  listOf,
  textFields,
  textOf,
} from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

const statuses = wordTable<AlertStatus>({
  created: 'firing',
  activated: 'firing',
  open: 'firing',
  closed: 'resolved',
})

/** A list, or the text of one, as workflow templates render it. */
const firstOf = (value: unknown): string | undefined => {
  if (Array.isArray(value)) return textOf(value[0])
  return (
    textOf(value)
      ?.replace(/^\[?"?|"?\]?$/g, '')
      .split('","', 1)[0] || undefined
  )
}

const parseIssue = (issue: Fields): ParsedItem => {
  const legacy = issue.current_state !== undefined
  const state = firstText(issue, 'state', 'current_state')?.toLowerCase() ?? ''
  if (state === 'acknowledged') return drop('acknowledgement')
  const status = statuses.get(state)
  if (status === undefined)
    return deadLetter('status-unknown', 'state is CREATED, ACTIVATED, ACKNOWLEDGED or CLOSED')
  const id = firstText(issue, 'id', 'issueId', 'incident_id')
  if (id === undefined) return deadLetter('identity-missing', 'an issue or incident id is needed')
  const target = fieldsOf(listOf(issue.targets)[0])
  const entity = firstOf(issue.impactedEntities) ?? textOf(target.name)
  const condition = firstOf(issue.alertConditionNames) ?? textOf(issue.condition_name)
  const title = firstOf(issue.title) ?? textOf(issue.details)
  const closed = firstText(issue, 'closedAt', 'updatedAt', 'timestamp')
  return ok({
    status,
    name: condition ?? alertType(title ?? `issue ${id}`, [entity]),
    severity: firstText(issue, 'priority', 'severity'),
    summary: title ?? condition,
    labels: {
      ...textFields(target.labels),
      service: entity,
      policy: firstOf(issue.alertPolicyNames) ?? issue.policy_name,
      account: textOf(issue.account_name),
    },
    identity: [id],
    startsAt: readTime(
      issue.createdAt ?? issue.activatedAt ?? (status === 'firing' ? issue.timestamp : undefined),
    ),
    endsAt: status === 'resolved' ? readTime(closed) : undefined,
    link: firstText(issue, 'issueUrl', 'issuePageUrl', 'incident_url'),
    runbook: legacy ? issue.runbook_url : undefined,
  })
}

export const newrelic: Source = {
  name: 'newrelic',
  title: 'New Relic',
  severities: wordTable({
    critical: 'critical',
    high: 'error',
    medium: 'warning',
    warn: 'warning',
    low: 'info',
  }),
  statuses,
  overlong: 'truncate',
  identity: 'the issue (or legacy incident) id, since conditions are not named by entity',
  setup: `Alerts > Destinations > Webhook, URL \`{{URL}}/webhooks/newrelic\`; then a workflow that notifies it, with the
default template.`,
  items: itemsOf,
  parse: (item) =>
    isFields(item) ? parseIssue(item) : deadLetter('shape-unknown', 'an object is needed'),
}
