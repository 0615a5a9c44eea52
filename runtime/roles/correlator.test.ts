// What the role makes of checkpoints: of another version, and of another owner.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { FencedError } from '../../domain/ports/checkpoints.ts'
import { decodeRecord, encodeRecord } from '../../domain/records.ts'
import { eventually } from '../../test/support/processes.ts'
import { openFileCheckpoints } from '../adapters/checkpoint-files.ts'
import { openEmbeddedLog } from '../adapters/embedded-log/embedded-log.ts'
import { createSystemClock } from '../clock.ts'
import { configSchema } from '../config/schema.ts'
import { createLogger } from '../observe/logger.ts'
import { createMetrics } from '../observe/metrics.ts'
import { startCorrelatorRole } from './correlator.ts'

let directory: string | undefined
afterEach(async () => {
  if (directory !== undefined) await rm(directory, { recursive: true, force: true })
})

const eventsOf = (deliveryId: string, at: number) =>
  encodeRecord('events', {
    kind: 'events',
    receivedAt: at,
    source: 'native',
    scope: 'default',
    deliveryId,
    events: [
      {
        id: `${deliveryId}.0`,
        fingerprint: deliveryId,
        status: 'firing',
        name: 'DiskFull',
        severity: 'critical',
        summary: 'full',
        labels: { service: deliveryId },
        startsAt: at,
      },
    ],
  })

test('FAULTS 35: who was succeeded saves nothing more, and ends', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'faultline-correlator-'))
  directory = scratch
  const clock = createSystemClock()
  const log = await openEmbeddedLog({ directory: join(scratch, 'log'), clock })
  const openCheckpoints = () => openFileCheckpoints({ directory: scratch })
  const failures: Error[] = []
  const role = await startCorrelatorRole({
    config: configSchema.parse({ checkpoint: { everyRecords: 1 } }),
    roles: ['correlator'],
    log,
    checkpoints: openCheckpoints,
    clock,
    metrics: createMetrics(),
    logger: createLogger('silent'),
    fail: (_, error) => void failures.push(error),
  })
  const successor = await openCheckpoints()
  const saved = () => successor.load('correlator-0').then((checkpoint) => checkpoint?.position)
  await log.append('events', 0, [{ value: eventsOf('a', clock.now()) }])
  await eventually('it is saved', 10_000, saved)
  await successor.acquire('correlator-0')
  await log.append('events', 0, [{ value: eventsOf('b', clock.now()) }])
  await eventually('it fails', 10_000, () => (failures.length > 0 ? true : undefined))
  expect(failures).toEqual([expect.any(FencedError)])
  expect(await saved()).toBe(1)
  await role.stop().catch(() => {})
  await log.close()
})

test('a checkpoint that cannot be read gives way to a replay of the log', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'faultline-correlator-'))
  directory = scratch
  const clock = createSystemClock()
  const log = await openEmbeddedLog({ directory: join(scratch, 'log'), clock })
  const openCheckpoints = () => openFileCheckpoints({ directory: scratch })
  const store = await openCheckpoints()
  const epoch = await store.acquire('correlator-0')
  const state = Buffer.from('{"version":"from tomorrow"}')
  await store.save('correlator-0', epoch, { position: 7, savedAt: 0, state: [state] })
  await store.close()
  const value = eventsOf('a', clock.now())
  await log.append('events', 0, [{ value }])
  const lines: string[] = []
  const role = await startCorrelatorRole({
    config: configSchema.parse({}),
    roles: ['correlator'],
    log,
    checkpoints: openCheckpoints,
    clock,
    metrics: createMetrics(),
    logger: createLogger('error', { write: (line: string) => void lines.push(line) }),
    fail: (what, error) => {
      throw new Error(what, { cause: error })
    },
  })
  await eventually('the event is told', 10_000, async () =>
    (await log.bounds('incidents', 0)).end > 0 ? true : undefined,
  )
  const read: unknown[] = []
  const reading = await log.subscribe({
    group: 'test',
    topics: ['incidents'],
    assigned: async () => 0,
    revoked: async () => {},
    batch: async (records) =>
      void read.push(...records.map((record) => decodeRecord('incidents', record.value))),
    failed: () => {},
  })
  await eventually('it is read', 10_000, () => (read.length > 0 ? true : undefined))
  expect(JSON.stringify(read)).toContain('DiskFull on a')
  expect(lines.join('')).toContain('a checkpoint cannot be read')
  await reading.stop()
  await role.stop()
  await log.close()
}, 30_000)
