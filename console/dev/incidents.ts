// Fifty-odd incidents of the made-up shop, in every state, with all that a page shows of one.
import type {
  AlertView,
  EvidenceView,
  HintView,
  IncidentDetail,
  TimelineView,
} from '../src/api/types.ts'
import { deskPartsOf } from './desk-parts.ts'
import { relations } from './estate.ts'
import { createRandom, type Random } from './random.ts'
import { hostileStory, type Story, type StoryAlert, stories } from './stories.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const PEOPLE = ['Amara Okafor', 'Jonas Lindqvist', 'Mei Tanaka', 'Rafael Souza', undefined] as const

const iso = (at: number): string => new Date(at).toISOString()

const pathBetween = (a: string, b: string): boolean =>
  relations.some(({ from, to }) => (from === a && to === b) || (from === b && to === a))

const evidenceFor = (alert: StoryAlert, story: Story, random: Random): EvidenceView[] => {
  const near = story.alerts.find((one) => one !== alert && pathBetween(one.ci, alert.ci))
  const reasons: EvidenceView[] = [
    {
      signal: 'time-gap',
      weight: 1.9 - alert.after / 300,
      text: `Fired ${alert.after} s after the first alert of this incident.`,
    },
  ]
  if (near !== undefined)
    reasons.push({
      signal: 'topology',
      weight: 2.1 + random.next(),
      text: `${alert.ci} and ${near.ci} are one relation apart; ${near.name} fires there.`,
    })
  if (random.next() > 0.5)
    reasons.push({
      signal: 'co-occurrence',
      weight: 0.4 + random.next(),
      text: `${alert.name} joined ${random.between(3, 9)} of the last 10 incidents with these alerts.`,
    })
  reasons.push({
    signal: 'text',
    weight: -0.3 * random.next(),
    text: 'The summaries share hardly a word.',
  })
  return reasons
}

const hintsFor = (story: Story, random: Random): HintView[] => {
  const touched = new Set(story.alerts.map(({ ci }) => ci)).size
  const second = story.alerts[1]?.ci
  const first: HintView = {
    ci: story.root,
    ...(story.change !== undefined && { change: story.change }),
    score: 4.2,
    confidence: 0.74 + random.next() * 0.2,
    reasons: [
      {
        signal: 'coverage',
        weight: 2.4,
        text: `${touched - 1} of ${touched} alerting CIs depend on ${story.root}.`,
      },
      {
        signal: 'onset',
        weight: 1.1,
        text: `It alerted ${story.alerts[1]?.after ?? 0} s before the next.`,
      },
      ...(story.change === undefined
        ? []
        : [
            {
              signal: 'change',
              weight: 1.6,
              text: `${story.change} was deployed on it 6 min earlier.`,
            },
          ]),
      { signal: 'rarity', weight: 0.7, text: `${story.alerts[0]?.name} fired twice in 30 days.` },
    ],
  }
  if (second === undefined || second === story.root) return [first]
  const other: HintView = {
    ci: second,
    score: 1.3,
    confidence: 0.11,
    reasons: [
      { signal: 'history', weight: 0.5, text: `${second} was confirmed as the cause once.` },
    ],
  }
  return [first, other]
}

interface Shape {
  readonly ordinal: number
  readonly story: Story
  readonly openedAt: number
  readonly status: IncidentDetail['status']
  readonly now: number
  readonly random: Random
}

const ENDED: ReadonlySet<string> = new Set(['resolved', 'closed', 'merged'])

const alertsOf = ({ ordinal, story, openedAt, status, now, random }: Shape): AlertView[] =>
  story.alerts
    .filter(({ after }) => openedAt + after * 1000 <= now)
    .map((alert, i) => {
      const firedAt = openedAt + alert.after * 1000
      const over = ENDED.has(status) || random.next() < 0.25
      const clearedAt = Math.min(now, firedAt + random.between(3, 40) * MINUTE_MS)
      return {
        id: `al-${ordinal}-${i}`,
        fingerprint: `${ordinal}${i}`.padStart(16, '0'),
        incidentId: `in-${ordinal}`,
        source: random.pick(['alertmanager', 'zabbix', 'grafana']),
        scope: 'default',
        name: alert.name,
        ci: alert.ci,
        severity: alert.severity,
        status: over ? 'resolved' : 'firing',
        summary: alert.summary,
        labels: { service: alert.ci, cluster: 'eu-1', job: alert.name.toLowerCase() },
        startsAt: iso(firedAt),
        firstSeen: iso(firedAt + 4_000),
        lastSeen: iso(over ? clearedAt : now - 20_000),
        ...(over && { resolvedAt: iso(clearedAt) }),
        occurrences: random.between(0, 240),
        flapping: alert.name === 'HostLatency',
        evidence: i === 0 ? [] : evidenceFor(alert, story, random),
        link: i % 2 === 0 ? 'https://grafana.example/d/abc' : 'javascript:alert(1)',
        ...(i === 0 && { runbook: `https://wiki.example/runbooks/${alert.ci}` }),
      }
    })

const flapEntries = (alert: AlertView): TimelineView[] => {
  const begin = Date.parse(alert.startsAt)
  return [1, 2, 3].flatMap((n) => [
    {
      id: `${alert.id}-c${n}`,
      at: iso(begin + n * 90_000),
      kind: 'alert-resolved',
      text: `${alert.name} cleared`,
      alertId: alert.id,
    },
    {
      id: `${alert.id}-f${n}`,
      at: iso(begin + n * 90_000 + 40_000),
      kind: 'alert-refired',
      text: `${alert.name} fired again`,
      alertId: alert.id,
    },
  ])
}

const timelineOf = (
  shape: Shape,
  alerts: readonly AlertView[],
  person?: string,
): TimelineView[] => {
  const { ordinal, openedAt, status } = shape
  const entries: TimelineView[] = [
    {
      id: `t-${ordinal}-0`,
      at: iso(openedAt),
      kind: 'opened',
      text: `Opened by ${alerts[0]?.name} on ${alerts[0]?.ci}.`,
    },
    ...alerts.slice(1).map((alert, i) => ({
      id: `t-${ordinal}-j${i}`,
      at: alert.firstSeen,
      kind: 'joined',
      text: `${alert.name} on ${alert.ci} joined.`,
      alertId: alert.id,
    })),
    ...alerts.filter(({ flapping }) => flapping).flatMap(flapEntries),
  ]
  if (status !== 'new' && person !== undefined)
    entries.push({
      id: `t-${ordinal}-a`,
      at: iso(openedAt + 4 * MINUTE_MS),
      kind: 'acknowledge',
      text: 'Acknowledged',
      actor: person,
    })
  if (ENDED.has(status))
    entries.push({
      id: `t-${ordinal}-r`,
      at: iso(openedAt + 50 * MINUTE_MS),
      kind: 'resolved',
      text: 'All alerts have resolved.',
    })
  return entries.sort((a, b) => (a.at < b.at ? -1 : 1))
}

const WORST = ['critical', 'error', 'warning', 'info'] as const
const LEVEL = { critical: 'high', error: 'medium', warning: 'low', info: 'low' } as const
const PRIORITY = { critical: 'P1', error: 'P2', warning: 'P3', info: 'P5' } as const

const ACTIONS: Readonly<Record<string, IncidentDetail['actions']>> = {
  new: [
    'acknowledge',
    'start',
    'hold',
    'resolve',
    'notes',
    'assign',
    'prioritise',
    'merge',
    'split',
    'move',
    'confirm-hint',
    'reject-hint',
    'link-problem',
    'unlink-problem',
    'runbook',
    'tasks',
    'roles',
    'watch',
    'relate',
    'review',
  ],
  resolved: ['close', 'reopen', 'notes', 'rate', 'merge', 'split', 'confirm-hint', 'reject-hint'],
  closed: ['reopen', 'notes'],
  merged: ['notes'],
}

export const actionsFor = (status: string): IncidentDetail['actions'] =>
  ACTIONS[status] ??
  (ACTIONS.new ?? []).filter((action) => status === 'reopened' || action !== 'acknowledge')

const incidentOf = (shape: Shape): IncidentDetail => {
  const { ordinal, story, openedAt, status, now, random } = shape
  const alerts = alertsOf(shape)
  const severity = WORST.find((word) => alerts.some((alert) => alert.severity === word)) ?? 'info'
  const person = status === 'new' ? undefined : random.pick(PEOPLE)
  const firing = alerts.filter((alert) => alert.status === 'firing').length
  const lastAt =
    alerts
      .map(({ lastSeen }) => lastSeen)
      .sort()
      .at(-1) ?? iso(openedAt)
  const known = story.root === 'payments-db' || story.root === 'redis-cart'
  return {
    id: `in-${ordinal}`,
    number: `INC-${ordinal}`,
    title: story.title,
    status,
    severity,
    priority: PRIORITY[severity],
    scope: 'default',
    openedAt: iso(openedAt),
    lastEventAt: lastAt,
    ...(status !== 'new' && { acknowledgedAt: iso(openedAt + 4 * MINUTE_MS) }),
    ...(ENDED.has(status) && {
      resolvedAt: iso(Math.min(now, openedAt + 50 * MINUTE_MS)),
      resolution: 'All alerts have resolved.',
    }),
    alertCount: alerts.length,
    firingCount: firing,
    occurrenceCount: alerts.reduce((sum, alert) => sum + alert.occurrences, 0),
    cis: [...new Set(alerts.flatMap(({ ci }) => (ci === undefined ? [] : [ci])))],
    ...(person !== undefined && { assignee: person, team: 'platform' }),
    ...deskPartsOf(ordinal, status, openedAt, severity),
    ...(status === 'on-hold' && { holdReason: 'Waiting for the vendor' }),
    ...(known && { problemId: story.root === 'payments-db' ? 'pr-1' : 'pr-2' }),
    muted: false,
    version: 1,
    impact: LEVEL[severity],
    urgency: LEVEL[severity],
    reopenCount: status === 'reopened' ? 1 : 0,
    alerts,
    timeline: timelineOf(shape, alerts, person),
    hints: hintsFor(story, random),
    knownErrors: known
      ? [
          {
            problemId: story.root === 'payments-db' ? 'pr-1' : 'pr-2',
            number: story.root === 'payments-db' ? 'PRB-1' : 'PRB-2',
            title:
              story.root === 'payments-db'
                ? 'payments-db runs out of connections'
                : 'redis-cart fills up',
            status: 'known-error',
            similarity: 0.91,
            cause: 'The pool of payments leaks a connection on each declined card.',
            workaround:
              '1. Restart payments one by one.\n2. Raise max_connections to 300 until the fix is out.',
          },
        ]
      : [],
    actions: actionsFor(status),
  }
}

const STATUSES = [
  'new',
  'new',
  'acknowledged',
  'in-progress',
  'new',
  'on-hold',
  'reopened',
  'resolved',
  'closed',
] as const satisfies readonly IncidentDetail['status'][]

/** @param now ms UTC; the newest incident opened a few minutes before */
export const createIncidents = (now: number, count: number): IncidentDetail[] => {
  const random = createRandom(7)
  const incidents: IncidentDetail[] = []
  let openedAt = now - 9 * MINUTE_MS
  for (let i = 0; i < count; i++) {
    const ordinal = count - i
    const story =
      i === 4 ? hostileStory : (stories[i < 8 ? i : random.between(0, stories.length - 1)] as Story)
    const status =
      i < 7
        ? (STATUSES[i] as 'new')
        : random.pick(i < 24 ? STATUSES : (['resolved', 'closed'] as const))
    incidents.push(incidentOf({ ordinal, story, openedAt, status, now, random }))
    openedAt -= random.between(4, 180) * MINUTE_MS * (i < 8 ? 0.3 : 1)
    if (i > 30) openedAt -= HOUR_MS
  }
  return incidents
}
