// Which incidents are asked for: the query string is the filter, so a link carries it.
import type { IncidentSummary } from '../api/types.ts'

type Status = IncidentSummary['status']
type Severity = IncidentSummary['severity']
type Priority = IncidentSummary['priority']

export const STATUSES = [
  'new',
  'acknowledged',
  'in-progress',
  'on-hold',
  'reopened',
  'resolved',
  'closed',
  'merged',
] as const satisfies readonly Status[]
export const SEVERITIES = [
  'critical',
  'error',
  'warning',
  'info',
] as const satisfies readonly Severity[]
export const PRIORITIES = ['P1', 'P2', 'P3', 'P4', 'P5'] as const satisfies readonly Priority[]
export const ORDERS = ['newest', 'priority', 'oldest'] as const
export type Order = (typeof ORDERS)[number]

/** Words that stand for several statuses; `open` is what is shown where nothing is asked. */
const GROUPS: Readonly<Record<string, readonly Status[]>> = {
  open: ['new', 'acknowledged', 'in-progress', 'on-hold', 'reopened'],
  unacknowledged: ['new', 'reopened'],
  done: ['resolved', 'closed'],
  all: STATUSES,
}
export const DEFAULT_STATUS = 'open'

export interface Filter {
  readonly statuses: ReadonlySet<string>
  readonly severities: ReadonlySet<string>
  readonly priorities: ReadonlySet<string>
  readonly ci: string
  readonly assignee: string
  readonly scope: string
  /** Lower-case words that must all occur. */
  readonly words: readonly string[]
  readonly order: Order
}

const listOf = (text: string | null): string[] => (text ?? '').split(',').filter((w) => w !== '')

export const readFilter = (query: URLSearchParams): Filter => {
  const statuses = listOf(query.get('status') ?? DEFAULT_STATUS)
  const order = ORDERS.find((word) => word === query.get('order')) ?? 'newest'
  return {
    statuses: new Set(statuses.flatMap((word): readonly string[] => GROUPS[word] ?? [word])),
    severities: new Set(listOf(query.get('severity'))),
    priorities: new Set(listOf(query.get('priority'))),
    ci: query.get('ci') ?? '',
    assignee: query.get('assignee') ?? '',
    scope: query.get('scope') ?? '',
    words: (query.get('q') ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== ''),
    order,
  }
}

const fits = (wanted: ReadonlySet<string>, value: string): boolean =>
  wanted.size === 0 || wanted.has(value)

const searchText = (incident: IncidentSummary): string =>
  `${incident.number} ${incident.title} ${incident.cis.join(' ')} ${incident.assignee ?? ''} ${
    incident.team ?? ''
  }`.toLowerCase()

export const matches = (filter: Filter, incident: IncidentSummary): boolean => {
  if (!fits(filter.statuses, incident.status)) return false
  if (!fits(filter.severities, incident.severity)) return false
  if (!fits(filter.priorities, incident.priority)) return false
  if (filter.ci !== '' && !incident.cis.includes(filter.ci)) return false
  if (filter.assignee !== '' && incident.assignee !== filter.assignee) return false
  if (filter.scope !== '' && incident.scope !== filter.scope) return false
  if (filter.words.length === 0) return true
  const text = searchText(incident)
  return filter.words.every((word) => text.includes(word))
}

type Compare = (a: IncidentSummary, b: IncidentSummary) => number

// ISO times of one format order as text does.
const newestFirst: Compare = (a, b) =>
  a.openedAt === b.openedAt ? (a.id < b.id ? 1 : -1) : a.openedAt < b.openedAt ? 1 : -1

const COMPARE: Readonly<Record<Order, Compare>> = {
  newest: newestFirst,
  oldest: (a, b) => newestFirst(b, a),
  priority: (a, b) =>
    a.priority === b.priority ? newestFirst(a, b) : a.priority < b.priority ? -1 : 1,
}

export const compareBy = (order: Order): Compare => COMPARE[order]
