// What the fixture's service desk adds to an incident: service levels, tasks, roles, a review.
import type { IncidentDetail, SlaView, TaskView } from '../src/api/types.ts'

const MINUTE_MS = 60_000
const TARGET_MINUTES = { critical: 60, error: 240, warning: 480, info: 2_880 } as const

const iso = (at: number): string => new Date(at).toISOString()

const tasksOf = (ordinal: number, openedAt: number): TaskView[] => {
  const task = (n: number, kind: TaskView['kind'], title: string): TaskView => ({
    id: `ta-${ordinal}-${n}`,
    ticketId: `in-${ordinal}`,
    kind,
    title,
    status: 'open',
    createdAt: iso(openedAt),
    version: 1,
  })
  return [
    {
      ...task(0, 'runbook-step', 'Look for sessions idle in a transaction'),
      status: 'done',
      doneAt: iso(openedAt + 3 * MINUTE_MS),
      doneBy: 'Amara Okafor',
    },
    task(1, 'runbook-step', 'Restart payments one by one'),
    { ...task(2, 'task', 'Tell the shop that cards fail'), assignee: 'Mei Tanaka' },
  ]
}

const slasOf = (dueAt: number, targetMinutes: number, over: boolean): SlaView[] => [
  {
    kind: 'resolution',
    policy: 'standard',
    targetMs: targetMinutes * MINUTE_MS,
    elapsedMs: 9 * MINUTE_MS,
    running: !over,
    ...(!over && { dueAt: iso(dueAt) }),
    breached: false,
  },
]

/** @param openedAt ms UTC */
export const deskPartsOf = (
  ordinal: number,
  status: IncidentDetail['status'],
  openedAt: number,
  severity: IncidentDetail['severity'],
): Partial<IncidentDetail> => {
  const over = status === 'resolved' || status === 'closed' || status === 'merged'
  const targetMinutes = TARGET_MINUTES[severity]
  const dueAt = openedAt + targetMinutes * MINUTE_MS
  return {
    ...(!over && { dueAt: iso(dueAt) }),
    ...(ordinal % 9 === 3 && { breached: true }),
    slas: slasOf(dueAt, targetMinutes, over),
    ...(severity === 'critical' && {
      tasks: tasksOf(ordinal, openedAt),
      commander: 'Amara Okafor',
    }),
    ...(severity === 'critical' && {
      runbooks: [
        {
          id: 'proc-1',
          name: 'payments-db is out of connections',
          steps: ['Look for sessions idle in a transaction', 'Restart payments one by one'],
          documentation: 'https://wiki.example/runbooks/payments-db',
          version: 3,
        },
      ],
    }),
    ...(status === 'closed' && {
      review: {
        summary: 'A deployment doubled the connections that payments holds.',
        lessons: 'Pools get a limit, and an alert at 80 % of it.',
        by: 'Jonas Lindqvist',
        at: iso(openedAt + 600 * MINUTE_MS),
      },
    }),
  }
}
