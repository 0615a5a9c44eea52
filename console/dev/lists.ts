// The fixture's plain lists: alerts, services, changes, dead letters, audit.
import type { AuditView, DeadLetterView, ServiceView } from '../src/api/types.ts'
import type { Desk } from './desk.ts'
import { cis } from './estate.ts'
import { type Call, pageOf, type Route } from './http.ts'

const MINUTE_MS = 60_000

const services = (desk: Desk): ServiceView[] =>
  cis
    .filter(({ kind }) => kind === 'service')
    .map((ci) => {
      const open = desk.incidents.filter((one) => one.cis.includes(ci.id) && one.firingCount > 0)
      const health = open.map(({ priority }) => priority).sort()[0] ?? 'ok'
      return {
        ...ci,
        health,
        openIncidents: open.map(({ id, number, title }) => ({ id, number, title })),
      }
    })

const REASONS = ['field-invalid', 'time-invalid', 'too-deep', 'label-invalid'] as const

const deadLetters = (at: (minutes: number) => string): DeadLetterView[] =>
  Array.from({ length: 24 }, (_, i) => ({
    id: `dl-${i}`,
    at: at(i * 17 + 2),
    source: i % 3 === 0 ? 'zabbix' : 'native',
    reason: REASONS[i % REASONS.length] ?? 'field-invalid',
    detail: 'the event must have required property "name"',
    payload: JSON.stringify({ status: 'firing', sumary: 'misspelt <b>field</b>', n: i }),
    index: i % 5,
    replayable: true,
  }))

const audit = (at: (minutes: number) => string): AuditView[] =>
  Array.from({ length: 30 }, (_, i) => ({
    sequence: 30 - i,
    at: at(i * 9),
    actor: i % 4 === 0 ? 'local' : 'amara',
    action: i % 2 === 0 ? 'incident.acknowledge' : 'incident.notes',
    target: `in-${60 - i}`,
    commandId: `c0ffee${i}`,
    outcome: i === 5 ? 'illegal-transition' : 'applied',
    before: { status: 'new' },
    after: { status: 'acknowledged' },
    hash: `${'ab'.repeat(31)}${String(i).padStart(2, '0')}`,
  }))

export const listRoutes = (desk: Desk, now: number): Route[] => {
  const at = (minutes: number): string => new Date(now - minutes * MINUTE_MS).toISOString()
  const alerts = ({ query }: Call) => {
    const status = query.get('status')
    const q = query.get('q')?.toLowerCase() ?? ''
    const all = desk.incidents.flatMap((incident) => incident.alerts)
    const fitting = all.filter((alert) => status === null || alert.status === status)
    return pageOf(
      fitting.filter((alert) => `${alert.name} ${alert.summary}`.toLowerCase().includes(q)),
      query,
    )
  }
  const letters = ({ query }: Call) => {
    const [source, reason] = [query.get('source'), query.get('reason')]
    const fits = (letter: DeadLetterView): boolean =>
      (source === null || letter.source === source) && (reason === null || letter.reason === reason)
    return pageOf(deadLetters(at).filter(fits), query)
  }
  return [
    ['GET', '/api/v1/alerts', alerts],
    ['GET', '/api/v1/services', ({ query }) => pageOf(services(desk), query)],
    ['GET', '/api/v1/dead-letters', letters],
    ['GET', '/api/v1/audit', ({ query }) => pageOf(audit(at), query)],
    ['GET', '/api/v1/audit/verify', () => ({ body: { entries: 30, intact: true } })],
    [
      'GET',
      '/readyz',
      () => ({
        body: {
          status: 'ok',
          parts: { log: { status: 'ok' }, desk: { status: 'ok' }, facts: { status: 'ok' } },
        },
      }),
    ],
  ]
}
