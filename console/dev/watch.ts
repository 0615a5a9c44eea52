// The fixture's heartbeats, silences, sources, people and problem report.
import type {
  DeliveryView,
  HeartbeatPingView,
  HeartbeatView,
  IntegrationView,
  ProblemReport,
  ReportedProblem,
  SilenceView,
  TeamView,
  TokenView,
  UserView,
} from '../src/api/types.ts'
import type { Desk } from './desk.ts'
import { type Call, pageOf, type Route } from './http.ts'

type At = (minutes: number) => string

const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440

const heartbeat = (at: At, id: string, some: Partial<HeartbeatView>): HeartbeatView => ({
  id,
  name: id,
  slug: id,
  tags: [],
  status: 'up',
  pingCount: 12,
  scheduleKind: 'period',
  graceSeconds: 600,
  severity: 'critical',
  scope: 'default',
  labels: {},
  manualResume: false,
  postOnly: false,
  pingUrl: `https://faultline.example/ping/4ba5f2b1-0000-4000-8000-${id.padStart(12, '0')}`,
  badgeUrl: '/favicon.svg',
  version: 1,
  createdAt: at(30 * DAY_MINUTES),
  createdBy: 'Mei Tanaka',
  uptime: 0.9987,
  ...some,
})

const heartbeatsOf = (at: At): HeartbeatView[] => [
  heartbeat(at, '1', {
    name: 'orders-db backup',
    status: 'down',
    lastPingAt: at(1_560),
    graceEndsAt: at(60),
    scheduleKind: 'cron',
    schedule: '0 3 * * *',
    timeZone: 'Europe/Berlin',
    uptime: 0.9312,
  }),
  heartbeat(at, '2', {
    name: 'invoice run',
    periodSeconds: 3_600,
    lastPingAt: at(12),
    graceEndsAt: at(-58),
  }),
  heartbeat(at, '3', { name: 'prometheus watchdog eu-1', lastPingAt: at(1), periodSeconds: 60 }),
]

const pingsOf = (at: At): HeartbeatPingView[] => [
  { number: 12, at: at(12), signal: 'success' },
  { number: 11, at: at(72), signal: 'fail', exitStatus: 3, body: 'pg_dump: connection refused' },
]

const silencesOf = (at: At): SilenceView[] => [
  {
    id: 'si-1',
    status: 'active',
    matchers: '{service="es-search"}',
    comment: 'Index rebuild on es-search',
    createdBy: 'Mei Tanaka',
    startsAt: at(30),
    endsAt: at(-90),
    updatedAt: at(30),
    version: 1,
  },
]

const integrationsOf = (at: At): IntegrationView[] => [
  {
    id: 'int-1',
    name: 'Zabbix, Berlin',
    source: 'zabbix',
    deliveriesPerMinuteMax: 6_000,
    newFingerprintsPerMinuteMax: 10_000,
    disabled: false,
    tokens: [{ mark: '7f3a', createdAt: at(900) }],
    createdBy: 'Mei Tanaka',
    createdAt: at(900),
    version: 1,
  },
]

const deliveriesOf = (at: At): DeliveryView[] => [
  { at: at(1), source: 'zabbix', status: 202, bytes: 812, accepted: 1, refused: 0 },
  {
    at: at(4),
    source: 'datadog',
    status: 422,
    bytes: 301,
    accepted: 0,
    refused: 1,
    reason: 'field-invalid',
    detail: 'alert_type is missing',
  },
]

const usersOf = (at: At): UserView[] =>
  (['mei', 'amara'] as const).map((name) => ({
    name,
    roles: name === 'mei' ? ['admin'] : ['responder'],
    teams: ['payments'],
    limitedToTeams: false,
    signsInBy: 'password',
    disabled: false,
    createdAt: at(9_000),
    version: 1,
  }))

const teams: TeamView[] = [
  { id: 'payments', title: 'Payments', retired: false, members: ['mei', 'amara'], version: 1 },
]

const tokensOf = (at: At): TokenView[] => [
  {
    id: 'tok-1',
    name: 'deploy pipeline',
    roles: ['change-manager'],
    ingest: true,
    createdBy: 'mei',
    createdAt: at(900),
    expiresAt: at(-90 * DAY_MINUTES),
  },
]

const reportOf = (desk: Desk, at: At): ProblemReport => {
  const [incident] = desk.incidents
  const problem = (id: string, title: string, minutesLost: number): ReportedProblem => ({
    id,
    number: id.replace('pr-', 'PRB-'),
    title,
    status: 'candidate',
    link: `/problems/${id}`,
    incidents: 4,
    minutesLost,
    before: { incidents: 1, minutesLost: minutesLost / 4 },
    lastAt: at(300),
    beneath: [
      {
        id: incident?.id ?? 'in-1',
        number: incident?.number ?? 'INC-1',
        openedAt: at(300),
        minutesLost: 42,
        link: `/incidents/${incident?.id ?? 'in-1'}`,
        alerts: `/api/v1/incidents/${incident?.id ?? 'in-1'}`,
      },
    ],
  })
  const leak = problem('pr-1', 'Connection pool of payments-db runs dry', 212)
  const timeout = problem('pr-3', 'Sessions expire while es-search rebuilds', 96)
  return {
    from: at(7 * DAY_MINUTES),
    to: at(0),
    complete: true,
    top: [leak, timeout],
    new: [timeout],
    worsening: [leak],
    fixedAndSilent: [],
    awaitingDecision: [timeout],
  }
}

export const watchRoutes = (desk: Desk, now: number): Route[] => {
  const at: At = (minutes) => new Date(now - minutes * MINUTE_MS).toISOString()
  const lists = {
    '/api/v1/heartbeats': heartbeatsOf(at),
    '/api/v1/heartbeats/{id}/pings': pingsOf(at),
    '/api/v1/silences': silencesOf(at),
    '/api/v1/integrations': integrationsOf(at),
    '/api/v1/deliveries': deliveriesOf(at),
    '/api/v1/users': usersOf(at),
    '/api/v1/teams': teams,
    '/api/v1/tokens': tokensOf(at),
  }
  const made = ({ body }: Call) => ({
    status: 201,
    body: { id: 'new-1', ...body, token: 'fl_abcdefghijklmnop' },
  })
  return [
    ...Object.entries(lists).map(
      ([path, items]): Route => ['GET', path, ({ query }) => pageOf<unknown>(items, query)],
    ),
    ['GET', '/api/v1/problems/report', () => ({ body: reportOf(desk, at) })],
    ['POST', '/api/v1/silences/preview', () => ({ body: { count: 3, looked: 90, items: [] } })],
    ['POST', '/api/v1/silences', made],
    ['POST', '/api/v1/silences/{id}/expire', made],
    ['POST', '/api/v1/heartbeats', made],
    ['POST', '/api/v1/heartbeats/{id}/pause', made],
    ['POST', '/api/v1/integrations', made],
    ['POST', '/api/v1/users', made],
    ['POST', '/api/v1/teams', made],
    ['POST', '/api/v1/tokens', made],
    ['POST', '/api/v1/dead-letters/{id}/replay', made],
  ]
}
