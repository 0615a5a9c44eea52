// kill -9 at any moment: nothing acknowledged is lost, nothing is counted twice.
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createRandom } from '../bench/estate/random.ts'
import {
  type FaultlineProcess,
  type IncidentPage,
  incidentsOf,
  startFaultline,
} from './support/faultline.ts'
import { eventually, removeDirectory, scratchDirectory } from './support/processes.ts'

const DELIVERIES = 40
const KILLS = 4
const SEED = 'kill -9'
const SETTLES_WITHIN_MS = 60_000
const SERVICES = ['checkout', 'payments', 'search', 'catalog']

const TOPOLOGY = {
  cis: [...SERVICES, 'payments-db'].map((id) => ({
    id,
    kind: 'service',
    name: id,
    attributes: {},
  })),
  relations: [
    { from: 'payments', to: 'payments-db', type: 'depends_on' },
    { from: 'checkout', to: 'payments', type: 'depends_on' },
  ],
}

/** Alertmanager webhooks, each different, over a few alerts that fire and re-fire. */
const deliveriesOf = (seed: string): unknown[] => {
  const random = createRandom(seed)
  const began = Date.now() - 60_000
  return Array.from({ length: DELIVERIES }, (_, index) => ({
    version: '4',
    groupKey: `{}:{n="${index}"}`,
    status: 'firing',
    receiver: 'faultline',
    alerts: Array.from({ length: 1 + Math.floor(random.next() * 5) }, () => {
      const service = SERVICES[Math.floor(random.next() * SERVICES.length)]!
      const name = `Check${Math.floor(random.next() * 4)}`
      return {
        status: 'firing',
        labels: { alertname: name, service, severity: 'warning' },
        annotations: { summary: `${name} on ${service}` },
        startsAt: new Date(began + index * 1_000).toISOString(),
        endsAt: '0001-01-01T00:00:00Z',
      }
    }),
  }))
}

const running = new Set<FaultlineProcess>()
const directories: string[] = []

const begin = async (data: string): Promise<FaultlineProcess> => {
  const faultline = await startFaultline({ data })
  running.add(faultline)
  return faultline
}

const end = async (faultline: FaultlineProcess, signal: NodeJS.Signals): Promise<void> => {
  await faultline.stop(signal)
  running.delete(faultline)
}

afterEach(async () => {
  for (const faultline of running) await end(faultline, 'SIGKILL')
  for (const directory of directories.splice(0)) removeDirectory(directory)
})

const scratch = (): string => {
  const directory = scratchDirectory('crash')
  directories.push(directory)
  return join(directory, 'data')
}

/** What happened, without the times and ids that differ from run to run. */
const digestOf = async (faultline: FaultlineProcess): Promise<string[]> => {
  const pages = await Promise.all(
    (await incidentsOf(faultline)).map(({ id }) =>
      faultline.get<IncidentPage>(`/api/v1/incidents/${id}`),
    ),
  )
  return pages
    .map(({ alerts }) =>
      alerts
        .map((alert) => `${alert.name}@${alert.source} x${alert.occurrences}`)
        .sort()
        .join(', '),
    )
    .sort()
}

const post = async (faultline: FaultlineProcess, body: unknown): Promise<boolean> => {
  const response = await faultline.post('/webhooks/alertmanager', body).catch(() => undefined)
  return response?.ok === true
}

const importTopology = async (faultline: FaultlineProcess): Promise<void> => {
  expect((await faultline.post('/api/v1/cis/import', TOPOLOGY)).status).toBeLessThan(300)
}

describe('kill -9', () => {
  test('the incidents are those of an undisturbed run, each alert counted once', async () => {
    const deliveries = deliveriesOf(SEED)
    const calm = await begin(scratch())
    await importTopology(calm)
    for (const delivery of deliveries) expect(await post(calm, delivery)).toBe(true)

    const random = createRandom(SEED)
    const kills = new Set(
      Array.from({ length: KILLS }, () => Math.floor(random.next() * DELIVERIES)),
    )
    const data = scratch()
    let shaken = await begin(data)
    await importTopology(shaken)
    for (const [index, delivery] of deliveries.entries()) {
      const answer = post(shaken, delivery)
      if (kills.has(index)) {
        // The kill races with the answer: an acknowledged one must be there, any other is sent again.
        await end(shaken, 'SIGKILL')
        shaken = await begin(data)
      }
      if (!(await answer)) expect(await post(shaken, delivery)).toBe(true)
    }

    const expected = await eventually('the calm run settles', SETTLES_WITHIN_MS, async () => {
      const digest = await digestOf(calm)
      return digest.length > 0 ? digest : undefined
    })
    await eventually('both runs agree', SETTLES_WITHIN_MS, async () => {
      const [left, right] = [await digestOf(calm), await digestOf(shaken)]
      return JSON.stringify(left) === JSON.stringify(right) ? true : undefined
    }).catch(async () => {
      expect(await digestOf(shaken)).toEqual(await digestOf(calm))
    })
    expect(expected.length).toBeGreaterThan(0)
  }, 180_000)
})
