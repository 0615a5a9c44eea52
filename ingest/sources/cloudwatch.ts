// AWS CloudWatch alarms: through SNS (JSON inside a text/plain envelope), or from EventBridge.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import {
  type Fields,
  fieldsOf,
  firstText,
  isFields,
  itemsOf,
  jsonInside,
  listOf,
  textOf,
} from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

/** INSUFFICIENT_DATA is neither: the alarm's last word stands. */
const statuses = wordTable<AlertStatus>({ alarm: 'firing', ok: 'resolved' })

/** Dimensions that name a thing, by the label that the rest of Faultline knows it by. */
const DIMENSION_LABELS = new Map([
  ['InstanceId', 'instance'],
  ['ServiceName', 'service'],
  ['ClusterName', 'cluster'],
  ['FunctionName', 'service'],
  ['DBInstanceIdentifier', 'host'],
  ['QueueName', 'component'],
  ['LoadBalancer', 'component'],
])

const dimensionLabels = (trigger: Fields): Record<string, unknown> => {
  const labels: Record<string, unknown> = {}
  for (const dimension of listOf(trigger.Dimensions)) {
    const name = firstText(fieldsOf(dimension), 'name', 'Name')
    const value = firstText(fieldsOf(dimension), 'value', 'Value')
    if (name !== undefined) labels[DIMENSION_LABELS.get(name) ?? name] = value
  }
  return labels
}

interface AlarmState {
  readonly state: string | undefined
  readonly name: string | undefined
  readonly arn: string | undefined
  readonly account: string | undefined
  readonly region: string | undefined
  readonly reason: string | undefined
  readonly at: unknown
  readonly labels: Readonly<Record<string, unknown>>
}

const fromAlarm = (alarm: Fields): AlarmState => {
  const trigger = fieldsOf(alarm.Trigger)
  return {
    state: textOf(alarm.NewStateValue),
    name: textOf(alarm.AlarmName),
    arn: textOf(alarm.AlarmArn),
    account: textOf(alarm.AWSAccountId),
    region: textOf(alarm.Region),
    reason: textOf(alarm.AlarmDescription) ?? textOf(alarm.NewStateReason),
    at: alarm.StateChangeTime,
    labels: {
      ...dimensionLabels(trigger),
      aws_namespace: textOf(trigger.Namespace),
      metric: textOf(trigger.MetricName),
    },
  }
}

const fromEventBridge = (event: Fields): AlarmState => {
  const detail = fieldsOf(event.detail)
  const state = fieldsOf(detail.state)
  const metric = fieldsOf(
    fieldsOf(fieldsOf(listOf(fieldsOf(detail.configuration).metrics)[0]).metricStat).metric,
  )
  const dimensions = Object.entries(fieldsOf(metric.dimensions))
  return {
    state: textOf(state.value),
    name: textOf(detail.alarmName),
    arn: textOf(listOf(event.resources)[0]),
    account: textOf(event.account),
    region: textOf(event.region),
    reason: textOf(fieldsOf(detail.configuration).description) ?? textOf(state.reason),
    at: state.timestamp ?? event.time,
    labels: {
      ...Object.fromEntries(dimensions.map(([n, v]) => [DIMENSION_LABELS.get(n) ?? n, v])),
      aws_namespace: textOf(metric.namespace),
      metric: textOf(metric.name),
    },
  }
}

const parseState = (alarm: AlarmState): ParsedItem => {
  const { state, name, arn, account, region } = alarm
  if (name === undefined) return deadLetter('name-missing', 'AlarmName is needed')
  if (state === 'INSUFFICIENT_DATA') return drop('no-state')
  const status = statuses.get(state?.toLowerCase() ?? '')
  if (status === undefined)
    return deadLetter('status-unknown', 'NewStateValue is ALARM, OK or INSUFFICIENT_DATA')
  const changedAt = readTime(alarm.at)
  return ok({
    status,
    name,
    severity: state,
    summary: alarm.reason,
    labels: { ...alarm.labels, account, region },
    identity: [arn ?? `${account}/${region}/${name}`],
    // The time of the change is the start when it fires, and the end when it is over.
    startsAt: changedAt,
    endsAt: status === 'resolved' ? changedAt : undefined,
  })
}

const parseDelivery = (item: Fields): ParsedItem => {
  const type = textOf(item.Type)
  if (type === 'SubscriptionConfirmation' || type === 'UnsubscribeConfirmation')
    return drop('subscription')
  const alarm = type === 'Notification' ? jsonInside(item.Message) : item
  if (!isFields(alarm)) return deadLetter('shape-unknown', 'Message holds no JSON object')
  return parseState(isFields(alarm.detail) ? fromEventBridge(alarm) : fromAlarm(alarm))
}

export const cloudwatch: Source = {
  name: 'cloudwatch',
  title: 'AWS CloudWatch',
  severities: wordTable({ alarm: 'error', ok: 'info' }),
  statuses,
  overlong: 'truncate',
  identity: 'the alarm’s ARN',
  setup: `An SNS topic as the alarm's action (for ALARM and for OK), with an HTTPS subscription:

    aws sns subscribe --topic-arn ARN --protocol https --notification-endpoint {{URL}}/webhooks/cloudwatch`,
  items: itemsOf,
  parse: (item) =>
    isFields(item) ? parseDelivery(item) : deadLetter('shape-unknown', 'an object is needed'),
}
