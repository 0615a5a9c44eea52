// Role by role on real Kafka and PostgreSQL: the same incidents, also when the correlator is killed.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HttpFront, startHttpFront } from '../runtime/adapters/facts-http-front.fixture.ts'
import { ROLES } from '../runtime/roles/role.ts'
import { startBroker } from '../scripts/kafka/broker.mjs'
import {
  type FaultlineProcess,
  type IncidentPage,
  incidentsOf,
  startFaultline,
} from './support/faultline.ts'
import { POSTGRES_PROGRAMS, startPostgres, type TestPostgres } from './support/postgres.ts'
import { eventually, removeDirectory, scratchDirectory } from './support/processes.ts'
import { describeWith } from './support/real.ts'

const WITHIN_MS = 90_000

const alert = (name: string, service: string, at: number) => ({
  name,
  severity: 'critical',
  summary: `${name} on ${service}`,
  labels: { service },
  startsAt: new Date(at).toISOString(),
})

const TOPOLOGY = {
  cis: ['checkout', 'payments', 'payments-db'].map((id) => ({
    id,
    kind: 'service',
    name: id,
    attributes: {},
  })),
  relations: [
    { from: 'checkout', to: 'payments', type: 'depends_on' },
    { from: 'payments', to: 'payments-db', type: 'depends_on' },
  ],
}

describeWith('Kafka, PostgreSQL and a role a process', POSTGRES_PROGRAMS, () => {
  const directory = scratchDirectory('roles')
  const roles = new Map<string, FaultlineProcess>()
  let broker: Awaited<ReturnType<typeof startBroker>>
  let postgres: TestPostgres
  let clickhouse: HttpFront
  let environment: Record<string, string>

  const startRole = async (role: string): Promise<FaultlineProcess> => {
    const running = await startFaultline({ data: join(directory, role), role, env: environment })
    roles.set(role, running)
    return running
  }
  const role = (name: string): FaultlineProcess => roles.get(name)!

  beforeAll(async () => {
    broker = await startBroker({ data: join(directory, 'kafka') })
    postgres = await startPostgres()
    clickhouse = await startHttpFront()
    environment = {
      KAFKA_BROKERS: broker.brokers.join(','),
      FAULTLINE_POSTGRES_URL: await postgres.createDatabase(),
      FAULTLINE_CLICKHOUSE_URL: clickhouse.url,
      FAULTLINE_CLICKHOUSE_DATABASE: 'default',
    }
    for (const name of ROLES) await startRole(name)
  })

  afterAll(async () => {
    for (const running of roles.values()) await running.stop()
    await clickhouse.close()
    await postgres.stop()
    await broker.stop()
    removeDirectory(directory)
  })

  const send = async (...alerts: unknown[]): Promise<void> => {
    expect((await role('ingest').post('/api/v1/events', alerts)).status).toBe(200)
  }

  const oneIncident = (alerts: number): Promise<IncidentPage> =>
    eventually(`one incident of ${alerts} alerts`, WITHIN_MS, async () => {
      const items = await incidentsOf(role('ticketing'))
      if (items.length !== 1 || items[0]!.alertCount !== alerts) return undefined
      return role('ticketing').get<IncidentPage>(`/api/v1/incidents/${items[0]!.id}`)
    })

  test('alerts in at one process are an explained incident at another', async () => {
    const imported = await role('ticketing').post('/api/v1/cis/import', TOPOLOGY)
    expect(imported.status).toBeLessThan(300)
    const at = Date.now()
    await send(alert('DiskFull', 'payments-db', at), alert('ErrorRate', 'payments', at + 1_000))
    const page = await oneIncident(2)
    expect(page.alerts.flatMap(({ evidence }) => evidence).length).toBeGreaterThan(0)
  })

  test('a heartbeat made at one process is pinged at another, and unknown ones are told so', async () => {
    const made = await role('ticketing').post('/api/v1/heartbeats', { name: 'nightly backup' })
    expect(made.status).toBe(201)
    const { id, pingUrl } = (await made.json()) as { id: string; pingUrl: string }
    const ping = (path: string) => fetch(role('ingest').url + path)
    expect((await ping(new URL(pingUrl).pathname)).status).toBe(200)
    expect((await ping('/ping/00000000-0000-4000-8000-000000000000')).status).toBe(404)
    expect((await ping('/ping/any/host-7?create=1')).status).toBe(201)
    for (const name of [id, 'host-7'])
      await eventually(`${name} is up`, WITHIN_MS, async () => {
        const path = `/api/v1/heartbeats/${name}`
        const { status } = await role('ticketing').get<{ status: string }>(path)
        return status === 'up' ? true : undefined
      })
  })

  test('a killed correlator’s successor goes on where it was, and joins the same incident', async () => {
    await role('correlator').stop('SIGKILL')
    await send(alert('ErrorRate', 'checkout', Date.now()))
    await startRole('correlator')
    const page = await oneIncident(3)
    expect(new Set(page.alerts.map(({ id }) => id)).size).toBe(3)
  })

  test('PostgreSQL’s restart delays a command and loses nothing', async () => {
    const [incident] = await incidentsOf(role('ticketing'))
    await postgres.restart()
    const answer = await eventually('the acknowledgement is taken', WITHIN_MS, async () => {
      const path = `/api/v1/incidents/${incident!.id}/acknowledge`
      const response = await role('ticketing').post(path, {}, { 'idempotency-key': 'ack-1' })
      return response.ok ? response : undefined
    })
    expect(answer.ok).toBe(true)
    const page = await role('ticketing').get<IncidentPage>(`/api/v1/incidents/${incident!.id}`)
    expect(page.status).toBe('acknowledged')
    expect(page.timeline.filter(({ kind }) => kind === 'acknowledge')).toHaveLength(1)
  })

  test('the facts role has counted it all, and the desk’s console can ask', async () => {
    await eventually('three alerts in the KPIs', WITHIN_MS, async () => {
      const { value } = await role('ticketing').get<{ value: number }>('/api/v1/kpis/alerts')
      return value === 3 ? true : undefined
    })
  })
})
