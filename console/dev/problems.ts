// Recurring patterns of the made-up shop.
import type { IncidentDetail, ProblemView } from '../src/api/types.ts'
import { createRandom } from './random.ts'

const DAY_MS = 86_400_000

interface Pattern {
  readonly id: string
  readonly title: string
  readonly root: string
  readonly status: ProblemView['status']
  readonly foundBy: ProblemView['foundBy']
  readonly trendPerDay: number
  readonly cause?: string
  readonly workaround?: string
}

const PATTERNS: readonly Pattern[] = [
  {
    id: 'pr-1',
    title: 'payments-db runs out of connections',
    root: 'payments-db',
    status: 'known-error',
    foundBy: 'recurrence',
    trendPerDay: 0.06,
    cause: 'The pool of payments leaks a connection on each declined card.',
    workaround:
      '1. Restart payments one by one.\n2. Raise max_connections to 300 until the fix is out.',
  },
  {
    id: 'pr-2',
    title: 'redis-cart fills up in the evening',
    root: 'redis-cart',
    status: 'investigating',
    foundBy: 'recurrence',
    trendPerDay: 0.002,
  },
  {
    id: 'pr-3',
    title: 'kafka-main rebalances without end',
    root: 'kafka-main',
    status: 'candidate',
    foundBy: 'clustering',
    trendPerDay: -0.03,
  },
]

const ACTIONS: Readonly<Record<string, ProblemView['actions']>> = {
  candidate: ['accept', 'dismiss', 'record-cause', 'assign', 'analyse', 'notes'],
  investigating: ['dismiss', 'record-cause', 'resolve', 'assign', 'analyse', 'notes'],
  'known-error': ['record-cause', 'resolve', 'assign', 'analyse', 'notes'],
  resolved: ['close', 'reopen', 'analyse', 'notes'],
  dismissed: ['accept', 'analyse', 'notes'],
}

export const problemActionsFor = (status: string): ProblemView['actions'] => ACTIONS[status] ?? []

const hourOfWeek = (seed: number, count: number): number[] => {
  const random = createRandom(seed)
  const hours = new Array<number>(168).fill(0)
  for (let i = 0; i < count; i++) {
    const hour =
      random.between(0, 6) * 24 +
      (random.next() < 0.7 ? random.between(16, 21) : random.between(0, 23))
    hours[hour] = (hours[hour] ?? 0) + 1
  }
  return hours
}

/** Of those whose cause is known. */
const analysisOf = ({ cause, root }: Pattern): ProblemView['analysis'] =>
  cause === undefined
    ? { whys: [], factors: [] }
    : {
        whys: [
          {
            why: 'Why did requests wait?',
            because: `${root} answered late`,
            evidence: [{ kind: 'ci', ref: root }],
          },
          { why: `Why was ${root} late?`, because: cause },
        ],
        factors: [{ category: 'process', text: 'Nobody looks at this limit before a sale' }],
      }

const problemOf = (
  pattern: Pattern,
  i: number,
  incidents: readonly IncidentDetail[],
): ProblemView => {
  const own = incidents.filter(({ cis }) => cis.includes(pattern.root))
  const count = 14 + i * 9
  const lastAt = own[0]?.openedAt ?? new Date(0).toISOString()
  const firstAt = new Date(Date.parse(lastAt) - 60 * DAY_MS).toISOString()
  const summaries = own.map(
    ({ alerts: _a, timeline: _t, hints: _h, knownErrors: _k, actions: _c, ...rest }) => rest,
  )
  return {
    id: pattern.id,
    number: `PRB-${i + 1}`,
    title: pattern.title,
    status: pattern.status,
    scope: 'default',
    foundBy: pattern.foundBy,
    incidentCount: count,
    firstAt,
    lastAt,
    minutesLost: count * 41,
    cis: [...new Set(own.flatMap(({ cis }) => cis))],
    alertNames: [...new Set(own.flatMap(({ alerts }) => alerts.map(({ name }) => name)))],
    version: 1,
    createdAt: firstAt,
    analysis: analysisOf(pattern),
    signature: [`root: ${pattern.root}`, 'role: database', `first: ${own[0]?.alerts[0]?.name}`],
    statistics: {
      count,
      firstAt,
      lastAt,
      meanIntervalMs: (60 * DAY_MS) / count,
      hourOfWeek: hourOfWeek(i + 3, count),
      minutesLost: count * 41,
      share: 0.11,
      trendPerDay: pattern.trendPerDay,
    },
    hints: own[0]?.hints ?? [],
    incidents: summaries,
    ...(pattern.cause !== undefined && { cause: pattern.cause }),
    ...(pattern.workaround !== undefined && { workaround: pattern.workaround }),
    timeline: [
      {
        id: `${pattern.id}-0`,
        at: firstAt,
        kind: 'opened',
        text: 'Recurred for the third time within 30 days.',
      },
    ],
    actions: problemActionsFor(pattern.status),
  }
}

export const createProblems = (incidents: readonly IncidentDetail[]): ProblemView[] =>
  PATTERNS.map((pattern, i) => problemOf(pattern, i, incidents))
