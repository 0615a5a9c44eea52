// The fixture's tasks, notifications, corrections, other desks, and what a CI was before.
import type {
  AssetWarningView,
  CiVersionView,
  DecisionView,
  NotificationView,
  SyncLinkView,
} from '../src/api/types.ts'
import type { Desk } from './desk.ts'
import { cis } from './estate.ts'
import { type Call, notFound, pageOf, type Route } from './http.ts'

type At = (minutes: number) => string

const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440

const notificationsOf = (desk: Desk, at: At): NotificationView[] => {
  const [incident] = desk.incidents
  const of = (id: string, some: Partial<NotificationView>): NotificationView => ({
    id,
    incidentId: incident?.id ?? 'in-1',
    number: incident?.number ?? 'INC-1',
    rule: 'payments on call',
    channel: 'slack',
    event: 'opened',
    status: 'sent',
    text: `${incident?.number}: ${incident?.title}`,
    dueAt: at(9),
    createdAt: at(9),
    attempts: 1,
    sentAt: at(9),
    ...some,
  })
  return [
    of('no-1', {}),
    of('no-2', {
      channel: 'mail',
      status: 'dead',
      attempts: 8,
      detail: '550 no such mailbox: oncall@shop.example',
    }),
  ]
}

const linkOf = (incidentId: string): SyncLinkView => ({
  id: `jira ${incidentId}`,
  target: 'jira',
  incidentId,
  status: 'synced',
  key: 'OPS-412',
  url: 'https://jira.example/browse/OPS-412',
  attempts: 1,
})

const warnings: readonly AssetWarningView[] = [
  {
    ci: 'orders-db',
    what: 'warranty',
    text: 'The warranty ends on 2026-04-30',
    date: '2026-04-30',
  },
  { ci: 'es-search', what: 'owner', text: 'Nobody owns this service' },
]

const versionsOf =
  (at: At) =>
  ({ parameters: [id = ''] }: Call) => {
    const ci = cis.find((one) => one.id === id)
    if (ci === undefined) return notFound(`There is no CI ${id}.`)
    const then = at(40 * DAY_MINUTES)
    const items: CiVersionView[] = [
      {
        ...ci,
        attributes: { ...ci.attributes, team: 'platform' },
        validFrom: at(300 * DAY_MINUTES),
        validTo: then,
      },
      { ...ci, validFrom: then },
    ]
    return { body: { items } }
  }

/** Corrections are remembered as they are made, and taken back. */
const correctionRoutes = (desk: Desk, at: At): Route[] => {
  const decided = ({ parameters: [id = ''] }: Call) => {
    const incident = desk.incidents.find((one) => one.id === id)
    const taken = new Set(
      incident?.timeline.filter(({ kind }) => kind === 'undo').map(({ text }) => text),
    )
    const items = (incident?.timeline ?? [])
      .filter(({ kind }) => kind === 'split' || kind === 'move')
      .map(
        ({ id: command, kind: action, text }): DecisionView => ({
          command,
          action,
          actor: 'local',
          at: at(0),
          text: `Alerts were ${text}`,
          ...(taken.has(command) && { undoneBy: 'local', undoneAt: at(0) }),
        }),
      )
    return { body: { items } }
  }
  return [['GET', '/api/v1/incidents/{id}/decisions', decided]]
}

export const sideRoutes = (desk: Desk, now: number): Route[] => {
  const at: At = (minutes) => new Date(now - minutes * MINUTE_MS).toISOString()
  const tasks = ({ query }: Call) => {
    const wanted = (name: string, value: string) => (query.get(name) ?? value) === value
    const all = desk.incidents.flatMap((incident) => incident.tasks ?? [])
    return pageOf(
      all.filter(({ status, kind }) => wanted('status', status) && wanted('kind', kind)),
      query,
    )
  }
  const links = ({ query }: Call) => ({
    body: { items: [linkOf(query.get('incident') ?? 'in-1')] },
  })
  return [
    ...correctionRoutes(desk, at),
    ['GET', '/api/v1/tasks', tasks],
    ['GET', '/api/v1/notifications', ({ query }) => pageOf(notificationsOf(desk, at), query)],
    ['POST', '/api/v1/notifications/{id}/replay', () => ({ body: notificationsOf(desk, at)[0] })],
    ['GET', '/api/v1/sync', links],
    ['GET', '/api/v1/assets/warnings', () => ({ body: { items: warnings } })],
    ['GET', '/api/v1/cis/{id}/history', versionsOf(at)],
    [
      'POST',
      '/api/v1/integrations/dry-run',
      () => ({ body: { events: [{}], refused: [], ignored: [] } }),
    ],
  ]
}
