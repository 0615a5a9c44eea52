// Google Cloud Monitoring: the webhook notification channel, schema 1.2.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { type Fields, fieldsOf, isFields, itemsOf, textFields, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

const statuses = wordTable<AlertStatus>({ open: 'firing', closed: 'resolved' })

/** Resource labels that name a thing, by the label that the rest of Faultline knows it by. */
const RESOURCE_LABELS: readonly (readonly [string, string])[] = [
  ['instance_name', 'host'],
  ['node_name', 'host'],
  ['service_name', 'service'],
  ['cluster_name', 'cluster'],
  ['namespace_name', 'namespace'],
  ['pod_name', 'pod'],
  ['container_name', 'container'],
  ['instance_id', 'instance'],
]

const parseIncident = (incident: Fields): ParsedItem => {
  const policy = textOf(incident.policy_name)
  const condition = textOf(incident.condition_name)
  const name = policy ?? condition
  if (name === undefined) return deadLetter('name-missing', 'incident.policy_name is needed')
  const status = statuses.get(textOf(incident.state)?.toLowerCase() ?? '')
  if (status === undefined) return deadLetter('status-unknown', 'incident.state is open or closed')
  const resource = fieldsOf(incident.resource)
  const labels: Record<string, unknown> = textFields(resource.labels)
  for (const [theirs, ours] of RESOURCE_LABELS) {
    labels[ours] ??= labels[theirs]
    delete labels[theirs]
  }
  const metric = fieldsOf(incident.metric)
  return ok({
    status,
    name,
    severity: textOf(incident.severity),
    summary: textOf(incident.summary),
    // The incident id is new with every re-fire, so the labels are the identity.
    labels: {
      ...labels,
      ...textFields(metric.labels),
      ...textFields(incident.policy_user_labels),
      condition,
      metric: textOf(metric.type),
      resource_type: textOf(resource.type),
      project: textOf(incident.scoping_project_id),
    },
    startsAt: readTime(incident.started_at),
    endsAt: status === 'resolved' ? readTime(incident.ended_at) : undefined,
    link: incident.url,
  })
}

export const gcpMonitoring: Source = {
  name: 'gcp-monitoring',
  title: 'Google Cloud Monitoring',
  severities: wordTable({
    critical: 'critical',
    error: 'error',
    warning: 'warning',
    'no severity': 'warning',
  }),
  statuses,
  overlong: 'truncate',
  identity:
    'policy, condition, resource and metric labels (the incident id is new with every re-fire)',
  setup: `Monitoring > Alerting > Edit notification channels > Webhooks, endpoint URL
\`{{URL}}/webhooks/gcp-monitoring\`, and the channel on the policies, with *Notify on incident closure*.`,
  items: itemsOf,
  parse: (item) => {
    const incident = fieldsOf(item).incident
    if (!isFields(incident)) return deadLetter('shape-unknown', 'an incident object is needed')
    return fieldsOf(item).version === 'test' ? drop('test-message') : parseIncident(incident)
  },
}
