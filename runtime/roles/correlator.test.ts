// A checkpoint of another version does not stop the correlator: it begins again with the log.
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
  const event = {
    id: 'a.0',
    fingerprint: 'a',
    status: 'firing' as const,
    name: 'DiskFull',
    severity: 'critical' as const,
    summary: 'full',
    labels: { service: 'db' },
    startsAt: clock.now(),
  }
  const batch = { kind: 'events', receivedAt: clock.now(), source: 'native' } as const
  const value = encodeRecord('events', {
    ...batch,
    scope: 'default',
    deliveryId: 'a',
    events: [event],
  })
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
  expect(JSON.stringify(read)).toContain('DiskFull on db')
  expect(lines.join('')).toContain('a checkpoint cannot be read')
  await reading.stop()
  await role.stop()
  await log.close()
}, 30_000)
