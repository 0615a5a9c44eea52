// The fixture's changes, requests, catalogue, processes, windows and what the CI graph knows more.
import type {
  AssessmentView,
  ChangeDetail,
  ImpactView,
  MaintenanceWindowView,
  ProcessView,
  RequestDetail,
} from '../src/api/types.ts'
import { type Desk, summaryOf } from './desk.ts'
import { cis, relations } from './estate.ts'
import { type Call, notFound, oneOf, pageOf, type Route } from './http.ts'

const HOUR_MS = 3_600_000

type At = (hours: number) => string

const CHANGES = [
  ['CHG-118', 'payments 2.41.0: new card checks', 'payments-db', 'implementing', -1, 1],
  ['CHG-121', 'Replace the certificate of identity', 'identity', 'review', -3, -2],
  ['CHG-124', 'Raise max_connections of payments-db', 'payments-db', 'awaiting-approval', 30, 31],
  ['CHG-125', 'Move kafka-main to new disks', 'kafka-main', 'scheduled', 75, 83],
  ['CHG-110', 'catalogue 8.2', 'catalogue', 'closed', -180, -178],
] as const

const ACTIONS: Readonly<Record<string, ChangeDetail['actions']>> = {
  implementing: ['finish', 'assign', 'notes'],
  review: ['approve', 'close', 'notes'],
  'awaiting-approval': ['approve', 'reject', 'revise', 'cancel', 'assign', 'notes'],
  scheduled: ['begin', 'revise', 'cancel', 'notes'],
  closed: ['notes'],
}

const assessmentOf = (desk: Desk, ci: string, at: string): AssessmentView => ({
  at,
  impact: 'high',
  risk: 'medium',
  services: ['checkout', 'payments', 'orders'],
  reasons: [
    '3 services of high criticality depend on it.',
    '2 of the last 9 changes of this CI failed.',
  ],
  conflicts: [{ id: 'CHG-125', number: 'CHG-125', title: 'Move kafka-main to new disks' }],
  freezes: [],
  openIncidents: desk.incidents
    .filter((one) => one.cis.includes(ci) && one.firingCount > 0)
    .slice(0, 2)
    .map(({ id, number, title }) => ({ id, number, title })),
  openProblems: [],
})

const changesOf = (desk: Desk, at: At): ChangeDetail[] =>
  CHANGES.map(([id, title, ci, status, from, to]) => ({
    id,
    number: id,
    title,
    summary: title,
    ci,
    cis: [ci],
    origin: 'requested',
    suspicions: [],
    type: 'normal',
    status,
    requester: 'Rafael Souza',
    risk: 'medium',
    plannedStart: at(from),
    plannedEnd: at(to),
    startedAt: at(from),
    ...(to < 0 && { endedAt: at(to) }),
    ...(status === 'closed' && { outcome: 'successful' as const }),
    incidentCount: 1,
    version: 1,
    description: `${title}.\nNo downtime is expected.`,
    backoutPlan: 'Deploy the release before.',
    assessment: assessmentOf(desk, ci, at(from - 4)),
    votes: [{ actor: 'Jonas Lindqvist', approves: true, at: at(from - 2) }],
    incidents: desk.incidents
      .filter((one) => one.cis.includes(ci))
      .slice(0, 2)
      .map(summaryOf),
    timeline: [
      { id: `${id}-0`, at: at(from - 5), kind: 'create', text: 'Asked for', actor: 'Rafael Souza' },
    ],
    actions: ACTIONS[status] ?? [],
  }))

const requestsOf = (at: At): RequestDetail[] => [
  {
    id: 'req-1',
    number: 'REQ-12',
    item: 'access',
    title: 'Read access to payments-db',
    status: 'awaiting-approval',
    requester: 'Mei Tanaka',
    team: 'data',
    createdAt: at(-5),
    dueAt: at(19),
    version: 1,
    form: { system: 'payments-db', reason: 'Reconciliation of February' },
    tasks: [],
    timeline: [
      { id: 'req-1-0', at: at(-5), kind: 'create', text: 'Asked for', actor: 'Mei Tanaka' },
    ],
    actions: ['approve', 'reject', 'cancel', 'assign', 'notes'],
  },
]

const CATALOGUE = [
  {
    id: 'access',
    title: 'Access to a system',
    description: 'Read or write access, for as long as it is needed.',
    form: {
      properties: {
        system: { type: 'string', title: 'System' },
        access: { enum: ['read', 'write'], title: 'Access' },
        until: { type: 'string', format: 'date-time', title: 'Until' },
        reason: { type: 'string', maxLength: 2_000, title: 'Reason' },
      },
      required: ['system', 'access', 'reason'],
    },
    targetMs: 24 * HOUR_MS,
  },
]

const processesOf = (at: At): (ProcessView & { attention: string[] })[] => [
  {
    id: 'proc-1',
    name: 'payments-db is out of connections',
    kind: 'runbook',
    owner: 'Amara Okafor',
    objective: 'Take payments again within ten minutes.',
    steps: ['Look for sessions idle in a transaction', 'Restart payments one by one'],
    links: { alertNames: ['PgConnectionsExhausted'], cis: ['payments-db'], problems: ['pr-1'] },
    reviewBy: at(-40),
    retired: false,
    updatedAt: at(-900),
    version: 3,
    attention: ['past its review date'],
  },
]

const windowsOf = (at: At): MaintenanceWindowView[] => [
  {
    id: 'mw-1',
    title: 'Index rebuild',
    status: 'active',
    cis: ['es-search'],
    startsAt: at(-1),
    endsAt: at(2),
    createdBy: 'Mei Tanaka',
    version: 1,
  },
]

const dependantsOf = (id: string): string[] => {
  const found = [id]
  for (const one of found)
    for (const { from, to } of relations) if (to === one && !found.includes(from)) found.push(from)
  return found.slice(1)
}

const impactOf = ({ parameters: [id = ''] }: Call): { body: ImpactView } => {
  const dependants = dependantsOf(id).flatMap((one, i) => {
    const ci = cis.find((each) => each.id === one)
    return ci === undefined ? [] : [{ id: ci.id, name: ci.name, kind: ci.kind, distance: i + 1 }]
  })
  const services = dependants.filter(({ kind }) => kind === 'service').map(({ name }) => name)
  return { body: { ci: id, impact: 'high', services, dependants } }
}

export const serviceRoutes = (desk: Desk, now: number): Route[] => {
  const at: At = (hours) => new Date(now + hours * HOUR_MS).toISOString()
  const changes = changesOf(desk, at)
  const requests = requestsOf(at)
  const processes = processesOf(at)
  const listed = ({ query }: Call) => {
    const status = query.getAll('status')
    return pageOf(
      changes.filter((change) => status.length === 0 || status.includes(change.status)),
      query,
    )
  }
  const actOnChange = ({ parameters: [id = '', action = ''] }: Call) => {
    const at = changes.findIndex((one) => one.id === id)
    const before = changes[at]
    if (before === undefined) return notFound(`there is no change ${id}`)
    const status = action === 'approve' ? ('scheduled' as const) : before.status
    changes[at] = { ...before, status, actions: ACTIONS[status] ?? [], version: before.version + 1 }
    return { body: changes[at] }
  }
  return [
    ['GET', '/api/v1/changes', listed],
    ['GET', '/api/v1/changes/{id}', ({ parameters }) => oneOf(changes, parameters[0])],
    ['POST', '/api/v1/changes/{id}/{action}', actOnChange],
    ['POST', '/api/v1/rfcs', () => ({ status: 201, body: changes[2] })],
    ['GET', '/api/v1/requests', ({ query }) => pageOf(requests, query)],
    ['GET', '/api/v1/requests/{id}', ({ parameters }) => oneOf(requests, parameters[0])],
    ['POST', '/api/v1/requests', () => ({ status: 201, body: requests[0] })],
    ['GET', '/api/v1/catalogue', () => ({ body: { items: CATALOGUE } })],
    ['GET', '/api/v1/processes', () => ({ body: { items: processes } })],
    ['GET', '/api/v1/processes/{id}', ({ parameters }) => oneOf(processes, parameters[0])],
    ['POST', '/api/v1/processes/{id}/update', ({ parameters }) => oneOf(processes, parameters[0])],
    ['GET', '/api/v1/maintenance-windows', ({ query }) => pageOf(windowsOf(at), query)],
    ['GET', '/api/v1/cis/{id}/impact', impactOf],
    [
      'GET',
      '/api/v1/cis/proposals',
      () => ({
        body: {
          items: [
            {
              id: 'host-c7',
              kind: 'host',
              name: 'host-c7',
              label: 'host',
              alerts: 4,
              lastSeen: at(-2),
            },
          ],
        },
      }),
    ],
    ['POST', '/api/v1/cis', () => ({ status: 201, body: {} })],
  ]
}
