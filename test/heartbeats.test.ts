// Heartbeats through the whole program, on a clock of our own: missed, joined, recovered, excused.
import { afterAll, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../domain/time.ts'
import { loadConfig } from '../runtime/config/load.ts'
import { createLogger } from '../runtime/observe/logger.ts'
import { type Faultline, serve } from '../runtime/serve.ts'
import type { HeartbeatView } from '../ticketing/heartbeats/schemas.ts'
import { eventually, removeDirectory, scratchDirectory } from './support/processes.ts'

const START = Date.parse('2026-11-02T00:00:00Z')
const WITHIN_MS = 20_000
const data = scratchDirectory('heartbeats')
let now = START
let faultline: Faultline | undefined

const start = async (): Promise<Faultline> => {
  faultline = await serve({
    config: loadConfig(undefined, {
      data,
      listen: { port: 0 },
      tickMs: 20,
      heartbeats: { edgeTickMs: 20 },
    }),
    roles: ['ingest', 'correlator', 'ticketing'],
    logger: createLogger('error'),
    clock: { now: () => now },
    failed: (error) => {
      throw error
    },
  })
  return faultline
}

afterAll(async () => {
  await faultline?.stop()
  removeDirectory(data)
})

const call = async (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(path.startsWith('http') ? path : faultline!.url + path, init)

const get = async <T>(path: string): Promise<T> => (await call(path)).json() as Promise<T>

/** Whatever the port is now. */
const ping = async (view: HeartbeatView, tail = '', init: RequestInit = {}): Promise<string> =>
  (await call(new URL(view.pingUrl!).pathname + tail, init)).text()

const define = async (body: object): Promise<HeartbeatView> => {
  const headers = { 'content-type': 'application/json' }
  const answer = await call('/api/v1/heartbeats', {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(201)
  return answer.json() as Promise<HeartbeatView>
}

const statusIs = (view: HeartbeatView, status: string): Promise<HeartbeatView> =>
  eventually(`${view.name} is ${status}`, WITHIN_MS, async () => {
    const found = await get<HeartbeatView>(`/api/v1/heartbeats/${view.id}`)
    return found.status === status ? found : undefined
  })

/** Time passes in steps that the edge can be heard in: a log ping is durable when it is answered. */
const pass = async (ms: number, witness: HeartbeatView): Promise<void> => {
  for (let left = ms; left > 0; left -= 10 * SECOND_MS) {
    now += Math.min(left, 10 * SECOND_MS)
    expect(await ping(witness, '/log')).toBe('OK')
  }
}

interface Listed {
  readonly items: readonly { id: string; title: string; status: string; alertCount: number }[]
}

const incidents = async () => (await get<Listed>('/api/v1/incidents')).items

test('a job that falls silent opens an incident, and its next ping resolves it; our downtime opens none (FAULTS 27)', async () => {
  await start()
  const every = { periodSeconds: 60, graceSeconds: 60 }
  const witness = await define({ name: 'witness', periodSeconds: 86_400 })
  const backup = await define({ name: 'nightly backup', ...every, labels: { host: 'db-1' } })
  const job = await define({ name: 'report job', ...every, labels: { host: 'web-1' } })

  // Both are up; the job goes on, the backup does not.
  expect(await ping(backup, '', { method: 'HEAD' })).toBe('')
  expect(await ping(job)).toBe('OK')
  await statusIs(backup, 'up')
  for (let i = 0; i < 3; i++) {
    await pass(50 * SECOND_MS, witness)
    expect(await ping(job, '/0', { method: 'POST', body: 'rows: 17' })).toBe('OK')
  }
  const down = await statusIs(backup, 'down')
  expect(down.since).toBe(new Date(START + 2 * MINUTE_MS).toISOString())
  await statusIs(job, 'up')
  const [incident] = await eventually('its incident', WITHIN_MS, async () => {
    const found = await incidents()
    return found.length > 0 ? found : undefined
  })
  expect(incident).toMatchObject({ title: 'nightly backup on db-1', status: 'new', alertCount: 1 })

  // Its next ping resolves it.
  expect(await ping(backup)).toBe('OK')
  await statusIs(backup, 'up')
  for (let i = 0; i < 5; i++) {
    await pass(50 * SECOND_MS, witness)
    await ping(job)
    await ping(backup)
  }
  await eventually('it is resolved', WITHIN_MS, async () =>
    (await incidents())[0]?.status === 'resolved' ? true : undefined,
  )

  // Twenty minutes without us: nothing is missed, the grace begins again and is shown.
  await faultline!.stop()
  now += 20 * MINUTE_MS
  const backAt = new Date(now).toISOString()
  await start()
  await pass(90 * SECOND_MS, witness)
  const excused = await eventually('its grace began again', WITHIN_MS, async () => {
    const found = await get<HeartbeatView>(`/api/v1/heartbeats/${job.id}`)
    return found.graceRestartedAt === undefined ? undefined : found
  })
  expect(excused).toMatchObject({ graceRestartedAt: backAt })
  expect(['up', 'late']).toContain(excused.status)
  expect(await incidents()).toHaveLength(1)
  await ping(backup)
  // The one that stays silent is missed all the same, a period and a grace later.
  await pass(50 * SECOND_MS, witness)
  const missed = await statusIs(job, 'down')
  expect(missed.since).toBe(new Date(Date.parse(backAt) + 2 * MINUTE_MS).toISOString())
  await statusIs(backup, 'up')
})

test('a slug makes its heartbeat with the first ping, which counts', async () => {
  const made = await call('/ping/any-key-on-loopback/host-7/start?create=1')
  expect([made.status, await made.text()]).toEqual([201, 'Created'])
  expect((await call('/ping/any-key-on-loopback/host-7')).status).toBe(200)
  const view = await eventually('both pings', WITHIN_MS, async () => {
    const found = await get<HeartbeatView>('/api/v1/heartbeats/host-7')
    return found.status === 'up' ? found : undefined
  })
  expect(view).toMatchObject({
    name: 'host-7',
    periodSeconds: 86_400,
    graceSeconds: HOUR_MS / 1_000,
  })
})

test('a source that is watched and falls silent gives no all-clear for what it said', async () => {
  const witness = await define({ name: 'second witness', periodSeconds: 86_400 })
  const endsAt = new Date(now + 4 * MINUTE_MS).toISOString()
  const startsAt = new Date(now).toISOString()
  const alert = (alertname: string, labels: object) => ({
    labels: { alertname, ...labels },
    startsAt,
    endsAt,
  })
  const sent = await call('/api/v2/alerts', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([
      alert('DiskFull', { cluster: 'eu', instance: 'db-7' }),
      alert('DiskFull', { cluster: 'us', instance: 'db-8' }),
      alert('Watchdog', { cluster: 'eu' }),
    ]),
  })
  expect(sent.status).toBe(200)
  await pass(20 * MINUTE_MS, witness)
  const firing = await eventually('the silent one is told', WITHIN_MS, async () => {
    const { items } = await get<{
      items: { name: string; status: string; labels: { cluster?: string } }[]
    }>('/api/v1/alerts?status=firing')
    const names = items.map(({ name, labels }) => `${name} ${labels.cluster ?? ''}`).sort()
    return names.includes('alertmanager eu silent eu') ? names : undefined
  })
  expect(firing).toContain('DiskFull eu')
  expect(firing).not.toContain('DiskFull us')
})
