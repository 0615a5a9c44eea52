// Sentry: integration webhooks (issue, event and metric alerts) and the legacy plugin's body.
import type { AlertStatus } from '../../domain/event.ts'
import { deadLetter, drop, ok } from '../../domain/outcome.ts'
import { alertType } from '../alert-type.ts'
import { type Fields, fieldsOf, firstText, isFields, itemsOf, listOf, textOf } from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

/** Actions; others (assigned, archived …) are a person's, not a state. */
const statuses = wordTable<AlertStatus>({
  triggered: 'firing',
  created: 'firing',
  unresolved: 'firing',
  critical: 'firing',
  warning: 'firing',
  resolved: 'resolved',
})

/** Tags are pairs, `[["environment", "prod"], …]`. */
const tagsOf = (value: unknown): Record<string, unknown> =>
  Object.fromEntries(
    listOf(value).flatMap((pair) => {
      const [name, text] = listOf(pair)
      const key = textOf(name)
      return key === undefined ? [] : [[key, textOf(text)]]
    }),
  )

/** Worth a label; most of Sentry's tags tell one event from the next. */
const TAGS = ['environment', 'server_name', 'transaction', 'release', 'runtime']

const contextLabels = (tags: Record<string, unknown>): Record<string, unknown> => {
  const picked = Object.fromEntries(TAGS.map((name) => [name, tags[name]]))
  return { ...picked, server_name: undefined, host: tags.server_name }
}

/** An event names its project by number only; its API URL has the slug. */
const projectOf = (value: unknown, url?: unknown): string | undefined => {
  const slug = /\/projects\/[^/]+\/([^/]+)\//.exec(textOf(url) ?? '')?.[1]
  return isFields(value) ? firstText(value, 'slug', 'name', 'id') : (slug ?? textOf(value))
}

const parseMetric = (
  metric: Fields,
  data: Fields,
  status: AlertStatus,
  word: string,
): ParsedItem => {
  const rule = fieldsOf(metric.alert_rule)
  const name = textOf(rule.name) ?? textOf(metric.title)
  if (name === undefined)
    return deadLetter('name-missing', 'metric_alert.alert_rule.name is needed')
  return ok({
    status,
    name,
    severity: word,
    summary: textOf(data.description_text) ?? textOf(data.description_title),
    labels: {
      service: projectOf(listOf(metric.projects)[0] ?? listOf(rule.projects)[0]),
      environment: rule.environment,
    },
    identity: ['metric', textOf(rule.id) ?? name],
    startsAt: readTime(metric.date_started),
    endsAt: status === 'resolved' ? readTime(metric.date_closed) : undefined,
    link: data.web_url,
  })
}

const parseIssue = (issue: Fields, status: AlertStatus, rule: string | undefined): ParsedItem => {
  const id =
    firstText(issue, 'issue_id', 'groupID') ??
    (issue.event_id === undefined ? textOf(issue.id) : undefined)
  const title = firstText(issue, 'title', 'message', 'culprit')
  if (title === undefined) return deadLetter('name-missing', 'a title is needed')
  const project = projectOf(issue.project_slug ?? issue.project_name ?? issue.project, issue.url)
  const tags = tagsOf(issue.tags)
  const type = textOf(fieldsOf(issue.metadata).type)
  return ok({
    status,
    name: type ?? alertType(title.split(':', 1)[0] ?? title),
    severity: textOf(issue.level),
    summary: title,
    labels: {
      ...contextLabels(tags),
      service: project,
      culprit: issue.culprit,
      platform: issue.platform,
      rule,
    },
    identity: ['issue', id ?? `${project}/${title}`],
    startsAt: readTime(issue.datetime ?? issue.firstSeen ?? issue.timestamp),
    link: firstText(issue, 'web_url', 'permalink', 'url'),
  })
}

const parseHook = (hook: Fields): ParsedItem => {
  const data = fieldsOf(hook.data)
  const action = textOf(hook.action)?.toLowerCase()
  const known = isFields(data.metric_alert) || isFields(data.event) || isFields(data.issue)
  if (!known && action === undefined && isFields(hook.event))
    return parseIssue(
      { ...hook.event, ...hook, issue_id: hook.id },
      'firing',
      textOf(listOf(hook.triggering_rules)[0]),
    )
  if (!known)
    return deadLetter('shape-unknown', 'data.event, data.issue or data.metric_alert is needed')
  const status = statuses.get(action ?? '')
  if (status === undefined) return drop('no-state')
  if (isFields(data.metric_alert)) return parseMetric(data.metric_alert, data, status, action ?? '')
  const issue = isFields(data.event) ? data.event : fieldsOf(data.issue)
  return parseIssue(issue, status, textOf(data.triggered_rule))
}

export const sentry: Source = {
  name: 'sentry',
  title: 'Sentry',
  severities: wordTable({
    fatal: 'critical',
    error: 'error',
    warning: 'warning',
    info: 'info',
    debug: 'info',
  }),
  statuses,
  overlong: 'truncate',
  identity: 'the issue, or the metric alert’s rule',
  setup: `Settings > Developer Settings > New Internal Integration, webhook URL \`{{URL}}/webhooks/sentry\`, with
*Alert Rule Action* on and the *issue* webhook chosen; then name it as the action of alert rules.`,
  items: itemsOf,
  parse: (item) =>
    isFields(item) ? parseHook(item) : deadLetter('shape-unknown', 'an object is needed'),
}
