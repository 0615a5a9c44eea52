// The ticketing role on a real log and store: its settings, and what it does with poison (FAULTS 28).
import { join } from 'node:path'
import Fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type DeadLetterRecord, decodeRecord, encodeRecord } from '../../domain/records.ts'
import { eventually, removeDirectory, scratchDirectory } from '../../test/support/processes.ts'
import { incidentOutput, outputs, START } from '../../ticketing/testing/records.ts'
import { openEmbeddedLog } from '../adapters/embedded-log/embedded-log.ts'
import { createSystemClock } from '../clock.ts'
import { loadConfig } from '../config/load.ts'
import type { ConfigInput } from '../config/schema.ts'
import { createLogger } from '../observe/logger.ts'
import { createMetrics } from '../observe/metrics.ts'
import type { Role } from './role.ts'
import { startTicketingRole } from './ticketing.ts'

const WITHIN_MS = 20_000

let data: string
let log: Awaited<ReturnType<typeof openEmbeddedLog>>
let role: Role

const start = async (desk: ConfigInput['desk'] = {}) => {
  data = scratchDirectory('ticketing-role')
  const clock = createSystemClock()
  log = await openEmbeddedLog({ directory: join(data, 'log'), clock, partitions: 1 })
  role = await startTicketingRole({
    config: loadConfig(undefined, { data, desk }),
    roles: ['ticketing'],
    log,
    clock,
    checkpoints: () => Promise.reject(new Error('the desk keeps its own position')),
    metrics: createMetrics(),
    logger: createLogger('fatal'),
    fail: (_what, error) => {
      throw error
    },
  })
  const app = Fastify()
  app.decorateRequest('actor', '')
  app.addHook('onRequest', async (request) => {
    request.actor = 'ada'
  })
  for (const routes of role.deskRoutes ?? []) await app.register(routes)
  return app
}

afterEach(async () => {
  await role.stop()
  await log.close()
  removeDirectory(data)
})

const lettersIn = async (): Promise<DeadLetterRecord[]> => {
  const letters: DeadLetterRecord[] = []
  const { end } = await log.bounds('dead-letters', 0)
  const subscription = await log.subscribe({
    group: 'test',
    topics: ['dead-letters'],
    assigned: async () => 0,
    revoked: async () => {},
    batch: async (records) => {
      letters.push(...records.map(({ value }) => decodeRecord('dead-letters', value)))
    },
    failed: (error) => {
      throw error
    },
  })
  await eventually('every letter', WITHIN_MS, () => (letters.length >= end ? true : undefined))
  await subscription.stop()
  return letters
}

describe('a poison record (FAULTS 28)', () => {
  let app: Awaited<ReturnType<typeof start>>
  beforeEach(async () => {
    app = await start()
  })

  test('becomes one dead letter with its position, and its partition goes on', async () => {
    const incident = (id: string) =>
      encodeRecord('incidents', outputs(START, incidentOutput({ id })))
    await log.append('incidents', 0, [
      { value: incident('i1') },
      { value: Buffer.from('{"at":1,"outputs":"none"}') },
      { value: Buffer.from([0xff, 0xfe]) },
      { value: incident('i2') },
    ])
    await eventually('both sound incidents', WITHIN_MS, async () => {
      const { items } = (await app.inject('/api/v1/incidents')).json()
      return items.length === 2 ? true : undefined
    })
    await eventually('both letters on the desk', WITHIN_MS, async () => {
      const { items } = (await app.inject('/api/v1/dead-letters')).json()
      return items.length === 2 ? true : undefined
    })
    const letters = await lettersIn()
    expect(letters.map(({ source, position }) => [source, position?.offset]).sort()).toEqual([
      ['log', 2],
      ['ticketing', 1],
    ])
  })
})

test('the desk runs with the settings of the configuration', async () => {
  const app = await start({
    catalogue: [{ id: 'laptop', title: 'A laptop', targetMs: 86_400_000 }],
    assignmentRules: [{ team: 'payments' }],
    priorityMatrix: { medium: { high: 'P1' } },
  })
  await log.append('incidents', 0, [
    { value: encodeRecord('incidents', outputs(START, incidentOutput({ cis: [] }))) },
  ])
  const incident = await eventually('the incident', WITHIN_MS, async () => {
    const { items } = (await app.inject('/api/v1/incidents')).json()
    return items[0]
  })
  expect(incident).toMatchObject({ team: 'payments', priority: 'P1' })
  const { items } = (await app.inject('/api/v1/catalogue')).json()
  expect(items).toMatchObject([{ id: 'laptop' }])
})
