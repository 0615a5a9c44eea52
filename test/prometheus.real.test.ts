// The real input: a target breaks, Debian's Prometheus and Alertmanager notice, one incident opens.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type FaultlineProcess,
  type IncidentPage,
  incidentsOf,
  startFaultline,
} from './support/faultline.ts'
import {
  eventually,
  freePort,
  type Running,
  removeDirectory,
  scratchDirectory,
  start,
} from './support/processes.ts'
import { describeWith } from './support/real.ts'

const WITHIN_MS = 90_000

/** A service with one gauge, which the test breaks and heals. */
const createTarget = async (): Promise<{ server: Server; port: number; broken: boolean }> => {
  const target = { server: createServer(), port: await freePort(), broken: false }
  target.server.on('request', (_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    response.end(`shop_checkout_failing ${target.broken ? 1 : 0}\n`)
  })
  target.server.listen(target.port, '127.0.0.1')
  return target
}

const rules = `
groups:
  - name: shop
    interval: 1s
    rules:
      - alert: CheckoutFailing
        expr: shop_checkout_failing > 0
        labels: { severity: critical, service: checkout }
        annotations: { summary: "Checkout fails on {{ $labels.instance }}" }
`

const prometheusConfig = (target: number, alertmanager: number, faultline: string): string => `
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
alerting:
  alertmanagers:
    - api_version: v2
      static_configs: [{ targets: ["127.0.0.1:${alertmanager}"] }]
    - api_version: v2
      static_configs: [{ targets: ["${faultline}"] }]
scrape_configs:
  - job_name: shop
    static_configs: [{ targets: ["127.0.0.1:${target}"] }]
`

const alertmanagerConfig = (faultline: string): string => `
route: { receiver: faultline, group_by: [alertname], group_wait: 1s, group_interval: 2s, repeat_interval: 1h }
receivers:
  - name: faultline
    webhook_configs: [{ url: "http://${faultline}/webhooks/alertmanager", send_resolved: true }]
`

describeWith('Prometheus and Alertmanager', '/usr/bin/prometheus-alertmanager', () => {
  const directory = scratchDirectory('prometheus')
  const recorded = join(directory, 'recorded')
  const running: Running[] = []
  let faultline: FaultlineProcess
  let target: Awaited<ReturnType<typeof createTarget>>

  beforeAll(async () => {
    target = await createTarget()
    const file = (name: string, text: string): string => {
      const path = join(directory, name)
      writeFileSync(path, text)
      return path
    }
    // Minutes of waiting for quiet prove nothing more than seconds do.
    const config = file('faultline.yaml', 'correlator: { quietGapMs: 2000 }\n')
    faultline = await startFaultline({
      data: join(directory, 'data'),
      args: ['--config', config, '--record', recorded],
    })
    running.push(faultline)
    const host = new URL(faultline.url).host
    const [alertmanager, prometheus] = [await freePort(), await freePort()]
    file('rules.yml', rules)
    const amConfig = file('alertmanager.yml', alertmanagerConfig(host))
    const promConfig = file('prometheus.yml', prometheusConfig(target.port, alertmanager, host))
    running.push(
      start('/usr/bin/prometheus-alertmanager', [
        `--config.file=${amConfig}`,
        `--storage.path=${join(directory, 'alertmanager')}`,
        `--web.listen-address=127.0.0.1:${alertmanager}`,
        '--cluster.listen-address=',
      ]),
      start('/usr/bin/prometheus', [
        `--config.file=${promConfig}`,
        `--storage.tsdb.path=${join(directory, 'tsdb')}`,
        `--web.listen-address=127.0.0.1:${prometheus}`,
      ]),
    )
    await eventually('Prometheus is ready', WITHIN_MS, async () =>
      (await fetch(`http://127.0.0.1:${prometheus}/-/ready`)).ok ? true : undefined,
    )
  })

  afterAll(async () => {
    for (const process of running.reverse()) await process.stop()
    target.server.close()
    removeDirectory(directory)
  })

  test('a broken target becomes one incident, told by both ways, and heals into a resolved one', async () => {
    target.broken = true
    const detail = await eventually('one incident with both alerts', WITHIN_MS, async () => {
      const [first] = await incidentsOf(faultline)
      if (first === undefined) return undefined
      const page = await faultline.get<IncidentPage>(`/api/v1/incidents/${first.id}`)
      return bothWays(recorded) ? page : undefined
    })
    expect(await incidentsOf(faultline)).toHaveLength(1)
    expect(detail.title).toContain('Checkout')
    expect(detail.alerts.every((alert) => alert.name === 'CheckoutFailing')).toBe(true)
    expect(detail.alerts.every((alert) => alert.evidence.length > 0)).toBe(true)

    target.broken = false
    await eventually('the incident resolves', WITHIN_MS, async () => {
      const [first] = await incidentsOf(faultline)
      return first?.status === 'resolved' ? true : undefined
    })
    expect(await incidentsOf(faultline)).toHaveLength(1)
  })
})

/** True once both the API (an array) and the webhook (with its receiver) have delivered. */
const bothWays = (directory: string): boolean => {
  const path = join(directory, 'deliveries.jsonl')
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
  const payloads = lines.filter((line) => line !== '').map((line) => JSON.parse(line).payload)
  const direct = payloads.some((payload) => Array.isArray(payload))
  const webhook = payloads.some((payload) => payload.receiver === 'faultline')
  return direct && webhook
}
