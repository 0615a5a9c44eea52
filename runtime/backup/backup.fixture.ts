// A Faultline in this process with a history that people have had a hand in, for the tests here.
import { setTimeout as pause } from 'node:timers/promises'
import type { IncidentSummary } from '../../ticketing/api/schemas.ts'
import { loadConfig } from '../config/load.ts'
import { createLogger } from '../observe/logger.ts'
import { type Faultline, serve } from '../serve.ts'

export interface Installation {
  readonly url: string
  post(path: string, body: unknown): Promise<void>
  incidents(): Promise<IncidentSummary[]>
  /** Returns once no reader has anything left to read, thrice in a row. */
  settled(): Promise<void>
  stop(): Promise<void>
}

const QUIET_LOOKS = 3
const LOOK_EVERY_MS = 50

export const testConfig = (data: string) =>
  loadConfig(undefined, { data, listen: { host: '127.0.0.1', port: 0 }, logLevel: 'error' })

const over = (faultline: Faultline): Installation => {
  const { url, metrics, stop } = faultline
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(url + path)
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }
  const settled = async (): Promise<void> => {
    for (let quiet = 0; quiet < QUIET_LOOKS; ) {
      // Read to its end: an answer that is not keeps its connection, and the server, open.
      await (await fetch(`${url}/metrics`)).text()
      const { values } = await metrics.lag.get()
      quiet = values.every(({ value }) => value === 0) ? quiet + 1 : 0
      await pause(LOOK_EVERY_MS)
    }
  }
  return {
    url,
    async post(path, body) {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    },
    incidents: async () =>
      (await get<{ items: IncidentSummary[] }>('/api/v1/incidents?limit=200')).items,
    settled,
    stop,
  }
}

export const startInstallation = async (data: string): Promise<Installation> =>
  over(
    await serve({
      config: testConfig(data),
      roles: ['ingest', 'correlator', 'ticketing'],
      logger: createLogger('error'),
      failed: (error) => {
        throw error
      },
    }),
  )

/** Alerts on CIs that have nothing in common: an incident each. */
export const failures = (from: number, count: number): unknown[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `Failure${from + index}`,
    severity: 'critical',
    labels: { host: `machine-${from + index}`, service: `service-${from + index}` },
  }))
