// Dynatrace: the custom problem notification.
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
  pairsOf,
  textOf,
} from '../fields.ts'
import { wordTable } from '../severities.ts'
import type { ParsedItem, Source } from '../source.ts'
import { readTime } from '../times.ts'

const statuses = wordTable<AlertStatus>({
  open: 'firing',
  resolved: 'resolved',
  merged: 'resolved',
})

/** Entity types that the rest of Faultline has a label for. */
const ENTITY_LABELS = new Map([
  ['HOST', 'host'],
  ['SERVICE', 'service'],
  ['APPLICATION', 'service'],
  ['PROCESS_GROUP_INSTANCE', 'component'],
  ['KUBERNETES_CLUSTER', 'cluster'],
])

const entityLabels = (value: unknown): Record<string, unknown> => {
  const labels: Record<string, unknown> = {}
  for (const entity of listOf(jsonInside(value)).map(fieldsOf)) {
    const label = ENTITY_LABELS.get(textOf(entity.type)?.toUpperCase() ?? '')
    if (label !== undefined) labels[label] ??= firstText(entity, 'name', 'entity')
  }
  return labels
}

const parseProblem = (problem: Fields): ParsedItem => {
  const title = firstText(problem, 'ProblemTitle', 'title')
  const id = firstText(problem, 'PID', 'ProblemID', 'pid')
  if (title === undefined || id === undefined)
    return deadLetter('identity-missing', 'ProblemTitle and PID (or ProblemID) are needed')
  if (/test run/i.test(title) || firstText(problem, 'ProblemID') === '999')
    return drop('test-message')
  const status = statuses.get(firstText(problem, 'State', 'state')?.toLowerCase() ?? '')
  if (status === undefined) return deadLetter('status-unknown', 'State is OPEN, RESOLVED or MERGED')
  return ok({
    status,
    name: title,
    severity: firstText(problem, 'ProblemSeverity', 'severity'),
    summary: firstText(problem, 'ProblemDetailsText', 'ImpactedEntity') ?? title,
    labels: {
      ...pairsOf(problem.Tags),
      ...entityLabels(problem.ImpactedEntities),
      impacted: textOf(problem.ImpactedEntity),
      impact: textOf(problem.ProblemImpact),
    },
    identity: [id],
    startsAt: readTime(problem.StartTime ?? problem.startTime),
    link: firstText(problem, 'ProblemURL', 'url'),
  })
}

export const dynatrace: Source = {
  name: 'dynatrace',
  title: 'Dynatrace',
  severities: wordTable({
    availability: 'critical',
    error: 'error',
    performance: 'warning',
    resource_contention: 'warning',
    resource: 'warning',
    custom_alert: 'warning',
    monitoring_unavailable: 'warning',
    info: 'info',
  }),
  statuses,
  overlong: 'truncate',
  identity: 'the problem’s PID',
  setup: `Settings > Integration > Problem notifications > Add, type *Custom integration*, URL
\`{{URL}}/webhooks/dynatrace\`, *Call webhook if problem is closed* on, payload:

    {"State": "{State}", "PID": "{PID}", "ProblemID": "{ProblemID}", "ProblemTitle": "{ProblemTitle}",
     "ProblemSeverity": "{ProblemSeverity}", "ProblemImpact": "{ProblemImpact}",
     "ImpactedEntity": "{ImpactedEntity}", "ImpactedEntities": {ImpactedEntities},
     "ProblemURL": "{ProblemURL}", "Tags": "{Tags}"}`,
  items: itemsOf,
  parse: (item) =>
    isFields(item) ? parseProblem(item) : deadLetter('shape-unknown', 'an object is needed'),
}
