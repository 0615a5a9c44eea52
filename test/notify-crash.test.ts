// kill -9 while people are being told: nobody is left out, and who is told twice can tell.
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { createRandom } from '../bench/estate/random.ts'
import { type FaultlineProcess, incidentsOf, startFaultline } from './support/faultline.ts'
import { eventually, removeDirectory, scratchDirectory } from './support/processes.ts'

const HOSTS = 8
const KILLS = 2
const SETTLES_WITHIN_MS = 60_000
const KEY = Buffer.from('shared between two')
/** Above what one turn claims, with room: a claim ends soon after the process that made it. */
const TIMEOUT_MS = 200

const CONFIG = (port: number) => `
desk:
  outbound: { allow: [127.0.0.1], timeoutMs: ${TIMEOUT_MS} }
  notifications:
    channels:
      ops: { kind: webhook, url: 'http://127.0.0.1:${port}/ops', secrets: [whsec_${KEY.toString('base64')}] }
      dead: { kind: webhook, url: 'http://127.0.0.1:${port}/hangs', secrets: [whsec_b25l] }
      inside: { kind: webhook, url: 'http://10.255.255.1/', secrets: [whsec_b25l] }
    rules:
      - { name: all, events: [opened], channel: ops }
      - { name: hang, events: [opened], channel: dead }
      - { name: blocked, events: [opened], channel: inside }
`

interface Told {
  readonly id: string
  readonly body: string
}

let server: Server | undefined
let faultline: FaultlineProcess | undefined
let data: string | undefined
afterEach(async () => {
  await faultline?.stop('SIGKILL')
  server?.closeAllConnections()
  server?.close()
  if (data !== undefined) removeDirectory(data)
})

const startReceiver = async (): Promise<{ port: number; told: Told[]; forged: () => number }> => {
  const told: Told[] = []
  let forged = 0
  server = createServer(async (request, response) => {
    if (request.url === '/hangs') return
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const id = String(request.headers['webhook-id'])
    const signed = `${id}.${String(request.headers['webhook-timestamp'])}.${body}`
    const signature = `v1,${createHmac('sha256', KEY).update(signed).digest('base64')}`
    if (request.headers['webhook-signature'] !== signature) forged += 1
    told.push({ id, body })
    // Long enough that some process dies between being told and hearing that it was.
    await pause(20)
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, told, forged: () => forged }
}

const event = (host: number) => ({
  name: `Trouble${host}`,
  severity: 'critical',
  summary: `trouble on host-${host}`,
  labels: { host: `host-${host}` },
})

test('through kill -9 each incident is announced and resolved, under one id each', async () => {
  data = scratchDirectory('notify')
  const { port, told, forged } = await startReceiver()
  const config = join(data, 'faultline.yaml')
  writeFileSync(config, CONFIG(port))
  const start = () => startFaultline({ data: data!, args: ['--config', config] })
  faultline = await start()
  const random = createRandom('notify, kill -9')
  for (let host = 0; host < HOSTS; host++) {
    expect((await faultline.post('/api/v1/events', event(host))).status).toBe(200)
    if (host % (HOSTS / KILLS) !== 2) continue
    // At any moment of: ticket, queue, claim, sending, noting that it was sent.
    await pause(random.next() * 1_000)
    await faultline.stop('SIGKILL')
    faultline = await start()
  }
  const ids = (kind: string) =>
    new Set(
      told.flatMap(({ body }) => {
        const { type, data } = JSON.parse(body)
        return type === kind ? [data.incidentId as string] : []
      }),
    )
  const settled = async (kind: string) =>
    eventually(`${kind} of every incident`, SETTLES_WITHIN_MS, async () => {
      const incidents = await incidentsOf(faultline!)
      const alerts = incidents.reduce((sum, { alertCount }) => sum + alertCount, 0)
      const all = new Set(incidents.map(({ id }) => id))
      const said = ids(kind)
      return alerts === HOSTS && said.size === all.size && [...all].every((id) => said.has(id))
        ? all
        : undefined
    })
  const incidents = await settled('incident.opened')
  for (const id of incidents)
    expect((await faultline.post(`/api/v1/incidents/${id}/resolve`, {})).status).toBe(200)
  await settled('incident.resolved')

  expect(forged()).toBe(0)
  const bodies = new Map<string, Set<string>>()
  for (const { id, body } of told) bodies.set(id, (bodies.get(id) ?? new Set()).add(body))
  // A repetition is one: the same id, the same words. One id an announcement, one a resolution.
  expect([...bodies.values()].every((each) => each.size === 1)).toBe(true)
  expect(bodies.size).toBe(2 * incidents.size)
  expect(told.length - bodies.size).toBeLessThanOrEqual(KILLS * 10)
  const { items } = await faultline.get<{
    items: { channel: string; status: string; detail?: string }[]
  }>('/api/v1/notifications?limit=500')
  const of = (channel: string) => items.filter((each) => each.channel === channel)
  // FAULTS 18 and 34: what is blocked or hangs says so, and held nobody up.
  const blocked = of('inside').filter(({ status }) => status === 'dead')
  expect(blocked.length).toBeGreaterThan(0)
  for (const { detail } of blocked) expect(detail).toContain('10.255.255.1 is private')
  expect(of('dead').some(({ status }) => status === 'sent')).toBe(false)
}, 180_000)
