// From a bucket as from a directory: backed up, drilled, and taken back to a moment.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, removeDirectory, scratchDirectory } from '../../test/support/processes.ts'
import { describeWith } from '../../test/support/real.ts'
import { S3_PROGRAM, startS3, type TestS3 } from '../../test/support/s3.ts'
import { createSystemClock } from '../clock.ts'
import { createLogger } from '../observe/logger.ts'
import { failures, type Installation, startInstallation, testConfig } from './backup.fixture.ts'
import { createBackup } from './create.ts'
import { drillBackup } from './drill.ts'
import { findBackup, openBackups } from './places.ts'
import { restoreBackup } from './restore.ts'

const PLACE = 's3://backups/faultline'
const clock = createSystemClock()
const directory = scratchDirectory('bucket')

describeWith('an S3 server', S3_PROGRAM, () => {
  let s3: TestS3
  let installation: Installation
  const data = join(directory, 'data')
  let between = 0

  const incidents = (count: number) =>
    eventually(`${count} incidents`, 60_000, async () =>
      (await installation.incidents()).length === count ? true : undefined,
    )
  const backUp = async (name: string): Promise<void> => {
    const target = await openBackups(PLACE, s3)
    await createBackup({ data, to: target, name, clock })
    await target.close()
  }

  beforeAll(async () => {
    s3 = await startS3()
    const client = new S3Client({
      endpoint: s3.endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: s3,
    })
    await client.send(new CreateBucketCommand({ Bucket: 'backups' }))
    client.destroy()
    installation = await startInstallation(data)
    await installation.post('/api/v1/events', failures(0, 3))
    await incidents(3)
    await installation.settled()
    await backUp('one')
    between = clock.now()
    await installation.post('/api/v1/events', failures(50, 3))
    await incidents(6)
    await backUp('two')
  })
  afterAll(async () => {
    await installation?.stop()
    await s3?.stop()
    removeDirectory(directory)
  })

  test('the newest passes its drill', async () => {
    const from = await findBackup(PLACE, { s3 })
    expect(from.name).toBe('two')
    const config = testConfig(join(directory, 'unused'))
    const result = await drillBackup({ from, config, clock, logger: createLogger('error') })
    expect(result).toMatchObject({ differences: [], incidents: 6 })
  })

  test('a moment before the second is restored from it, without what came later', async () => {
    const from = await findBackup(PLACE, { until: between, s3 })
    expect(from.name).toBe('two')
    const target = join(directory, 'restored')
    const { manifest } = await restoreBackup({ from, until: between, data: target, clock })
    expect(manifest.takenAt).toBe(between)
    expect(readdirSync(target).sort()).toEqual(['checkpoints', 'desk', 'log'])
  })

  test('nothing of what was drafted is left beside the data', () => {
    expect(readdirSync(data).filter((name) => name.startsWith('.'))).toEqual([])
  })
})
