// The ticketing role on a real log and store: its settings, and what it does with poison (FAULTS 28).
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decodeRecord, encodeRecord } from '../../domain/records.ts'
import { eventually, removeDirectory, scratchDirectory } from '../../test/support/processes.ts'
import { incidentOutput, outputs, START } from '../../ticketing/testing/records.ts'
import { openEmbeddedLog } from '../adapters/embedded-log/embedded-log.ts'
import { createSystemClock } from '../clock.ts'
import { loadConfig } from '../config/load.ts'
import type { ConfigInput } from '../config/schema.ts'
import { createLogger } from '../observe/logger.ts'
import { type Faultline, serve } from '../serve.ts'

const WITHIN_MS = 60_000

let data: string
let faultline: Faultline | undefined

beforeEach(() => {
  data = scratchDirectory('ticketing-role')
})
afterEach(async () => {
  await faultline?.stop()
  removeDirectory(data)
})

const openLog = () =>
  openEmbeddedLog({ directory: join(data, 'log'), clock: createSystemClock(), partitions: 1 })

/** The desk alone, over a log that holds these on `incidents`. */
const startDesk = async (values: readonly Uint8Array[], desk: ConfigInput['desk'] = {}) => {
  const log = await openLog()
  await log.append(
    'incidents',
    0,
    values.map((value) => ({ value })),
  )
  await log.close()
  const started = await serve({
    config: loadConfig(undefined, { data, desk, listen: { port: 0 } }),
    roles: ['ticketing'],
    logger: createLogger('fatal'),
    failed: (error) => {
      throw error
    },
  })
  faultline = started
  const items = async (path: string) =>
    ((await (await fetch(`${started.url}/api/v1/${path}`)).json()) as { items: object[] }).items
  const several = (path: string, count: number) =>
    eventually(`${count} of ${path}`, WITHIN_MS, async () => {
      const found = await items(path)
      return found.length >= count ? found : undefined
    })
  return { several, stop: started.stop }
}

const incident = (over: object) => encodeRecord('incidents', outputs(START, incidentOutput(over)))

test('a poison record becomes one dead letter with its position, and its partition goes on (FAULTS 28)', async () => {
  const desk = await startDesk([
    incident({ id: 'i1' }),
    Buffer.from('{"at":1,"outputs":"none"}'),
    Uint8Array.of(0xff, 0xfe),
    incident({ id: 'i2' }),
  ])
  await desk.several('incidents', 2)
  await desk.several('dead-letters', 2)
  await desk.stop()
  const letters: (readonly [string, number | undefined])[] = []
  const log = await openLog()
  const { end } = await log.bounds('dead-letters', 0)
  const subscription = await log.subscribe({
    group: 'test',
    topics: ['dead-letters'],
    assigned: async () => 0,
    revoked: async () => {},
    batch: async (records) => {
      for (const { value } of records) {
        const { source, position } = decodeRecord('dead-letters', value)
        letters.push([source, position?.offset])
      }
    },
    failed: (error) => {
      throw error
    },
  })
  await eventually('all letters', WITHIN_MS, () => letters.length >= end || undefined)
  await subscription.stop()
  await log.close()
  expect(letters.sort()).toEqual([
    ['log', 2],
    ['ticketing', 1],
  ])
}, 120_000)

test('the desk runs with the settings of the configuration', async () => {
  const desk = await startDesk([incident({ cis: [] })], {
    catalogue: [{ id: 'laptop', title: 'A laptop', targetMs: 86_400_000 }],
    assignmentRules: [{ team: 'payments' }],
    priorityMatrix: { medium: { high: 'P1' } },
  })
  expect(await desk.several('incidents', 1)).toMatchObject([{ team: 'payments', priority: 'P1' }])
  expect(await desk.several('catalogue', 1)).toMatchObject([{ id: 'laptop' }])
}, 120_000)
