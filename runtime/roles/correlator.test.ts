// What the role makes of checkpoints: of another version, and of another owner.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
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

test('FAULTS 35: who was succeeded leaves the partition alone, and goes on with its others', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'faultline-correlator-'))
  directory = scratch
  const clock = createSystemClock()
  const log = await openEmbeddedLog({ directory: join(scratch, 'log'), clock, partitions: 2 })
  const openCheckpoints = () => openFileCheckpoints({ directory: scratch })
  const failures: unknown[] = []
  const role = await startCorrelatorRole({
    config: configSchema.parse({ checkpoint: { everyRecords: 1 }, log: { partitions: 2 } }),
    roles: ['correlator'],
    log,
    checkpoints: openCheckpoints,
    clock,
    metrics: createMetrics(),
    logger: createLogger('silent'),
    fail: (_, error) => void failures.push(error),
  })
  const told = async (partition: number) => (await log.bounds('incidents', partition)).end
  const send = (partition: number, id: string) =>
    log.append('events', partition, [{ value: eventsOf(id, clock.now()) }])
  const untilTold = (partition: number, more: number) =>
    eventually('it is told', 10_000, async () =>
      (await told(partition)) > more ? true : undefined,
    )
  await Promise.all([send(0, 'a'), send(1, 'b')])
  await Promise.all([untilTold(0, 0), untilTold(1, 0)])
  const successor = await openCheckpoints()
  await successor.acquire('correlator-0')
  // The first is still told, as its successor will tell it, too; what comes then is not.
  const before = await told(0)
  await send(0, 'c')
  await untilTold(0, before)
  const last = await told(0)
  const other = await told(1)
  await send(0, 'd')
  await send(1, 'e')
  await untilTold(1, other)
  await role.stop()
  expect(await told(0)).toBe(last)
  expect(failures).toEqual([])
  expect((await successor.load('correlator-0'))?.position).toBe(1)
  expect((await successor.load('correlator-1'))?.position).toBe(2)
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
  await store.save('correlator-0', epoch, { position: 7, savedAt: 0, state })
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
