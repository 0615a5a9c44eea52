// What leaves the real program: people told, another desk in step, customers shown and asked.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServicenow } from '../runtime/adapters/sync-servicenow.fixture.ts'
import { type FaultlineProcess, incidentsOf, startFaultline } from './support/faultline.ts'
import { eventually, ROOT, removeDirectory, scratchDirectory, start } from './support/processes.ts'

const WITHIN_MS = 60_000
const TOPOLOGY = {
  cis: [
    { id: 'shop', kind: 'service', name: 'Shop', attributes: { criticality: 'critical' } },
    { id: 'search', kind: 'service', name: 'Search', attributes: {} },
  ],
  relations: [{ from: 'shop', to: 'search', type: 'depends_on' }],
}

interface Told {
  readonly type: string
  readonly data: { readonly incidentId: string; readonly ratingLink?: string }
}

const told: Told[] = []
let hook: Server
let servicenow: Awaited<ReturnType<typeof startServicenow>>
let data: string
let faultline: FaultlineProcess
let incidentId: string

const config = (port: number): string => `
desk:
  outbound: { allow: [127.0.0.1], timeoutMs: 5000 }
  satisfaction: { key: !env RATING_KEY }
  statusPage: { public: true }
  sync:
    pollEveryMs: 1000
    targets:
      snow: { kind: servicenow, url: '${servicenow.url}', user: faultline, password: !env SNOW }
  notifications:
    publicUrl: http://faultline.example
    channels:
      ops: { kind: webhook, url: 'http://127.0.0.1:${port}/hook', secrets: [whsec_b25l] }
      inside: { kind: slack, url: 'http://10.1.2.3/services/path-is-secret' }
    rules: [{ name: all, events: [opened], channel: ops }]
`

beforeAll(async () => {
  hook = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    told.push(JSON.parse(body))
    response.end()
  }).listen(0, '127.0.0.1')
  await once(hook, 'listening')
  servicenow = await startServicenow({ now: () => Date.now() })
  data = scratchDirectory('outgoing')
  const file = join(data, 'faultline.yaml')
  writeFileSync(file, config((hook.address() as AddressInfo).port))
  const env = { RATING_KEY: 'a key of enough length', SNOW: 's3cret' }
  faultline = await startFaultline({ data, args: ['--config', file], env })
  expect((await faultline.post('/api/v1/cis/import', TOPOLOGY)).status).toBe(200)
  const event = {
    name: 'Down',
    severity: 'critical',
    summary: 'down',
    labels: { service: 'search' },
  }
  expect((await faultline.post('/api/v1/events', event)).status).toBe(200)
  incidentId = await eventually('an incident', WITHIN_MS, async () => {
    const [incident] = await incidentsOf(faultline)
    return incident?.id
  })
}, 180_000)
afterAll(async () => {
  await faultline?.stop()
  await servicenow?.close()
  hook?.closeAllConnections()
  hook?.close()
  removeDirectory(data)
})

const notifyTest = async (...args: string[]): Promise<[number | null, string]> => {
  const main = join(ROOT, 'runtime/cli/main.ts')
  const command = ['--import', 'tsx', main, 'notify', 'test', '--url', faultline.url, ...args]
  const running = start(process.execPath, command)
  return [await running.gone, running.output()]
}

describe('the program', () => {
  test('tells people, and the other desk', async () => {
    await eventually('the announcement', WITHIN_MS, () =>
      told.some((each) => each.data.incidentId === incidentId) ? true : undefined,
    )
    const row = await eventually('the ticket there', WITHIN_MS, () =>
      [...servicenow.incidents.values()].find((each) => each.correlation_id === incidentId),
    )
    expect(row.short_description).toContain('Down')
  })

  test('lets a channel be tried out, and says why it fails without its secrets', async () => {
    expect(await notifyTest('--rule', 'all')).toEqual([0, expect.stringContaining('sent by ops')])
    const [code, output] = await notifyTest('--channel', 'inside')
    expect([code, output]).toEqual([1, expect.stringContaining('10.1.2.3 is private')])
    expect(output + faultline.output()).not.toContain('path-is-secret')
  })

  test('shows customers what is hit, and what needs it, without signing in', async () => {
    const status = await eventually('the page', WITHIN_MS, async () => {
      const { services } = await faultline.get<{
        services: { id: string; status: string }[]
      }>('/api/v1/status')
      const found = Object.fromEntries(services.map((each) => [each.id, each.status]))
      return found.search === 'outage' ? found : undefined
    })
    expect(status).toEqual({ search: 'outage', shop: 'degraded' })
    const page = await fetch(`${faultline.url}/status`)
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(await page.text()).toContain('Some services are down.')
  })

  test('follows the other desk, asks how it was, and counts the answer', async () => {
    const [row] = servicenow.incidents.values()
    servicenow.person(row!.sys_id!, { state: '6', close_code: 'Solved', close_notes: 'restarted' })
    const link = await eventually('the resolution', WITHIN_MS, () =>
      told.map((each) => each.data.ratingLink).find((each) => each !== undefined),
    )
    const answer = await fetch(faultline.url + new URL(link).pathname, {
      method: 'POST',
      body: new URLSearchParams({ rating: '4', comment: 'quick' }),
    })
    expect(answer.status).toBe(200)
    const kpi = await eventually('the KPI', WITHIN_MS, async () => {
      const answered = JSON.stringify(await faultline.get('/api/v1/kpis/satisfaction'))
      return answered.includes('"mean":4') ? answered : undefined
    })
    expect(kpi).toContain('"satisfied":1')
  })
})
