// Backups in a bucket: the contract on a real server, wrong keys, and uploads that were cut short.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { removeDirectory, scratchDirectory } from '../../test/support/processes.ts'
import { describeWith } from '../../test/support/real.ts'
import { S3_PROGRAM, startS3, type TestS3 } from '../../test/support/s3.ts'
import { MANIFEST, verifyBackup } from '../backup/manifest.ts'
import { openS3Backups } from './backup-s3.ts'
import { describeBackupTarget } from './backup-target.contract.ts'

const BUCKET = 'backups'
const MIB = 1024 * 1024
const FILES = 6

const scratch = scratchDirectory('s3')
afterAll(() => removeDirectory(scratch))

const clientOf = ({ endpoint, accessKeyId, secretAccessKey }: TestS3): S3Client =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })

const draftOf = (name: string): string => {
  const draft = join(scratch, name)
  mkdirSync(join(draft, 'log'), { recursive: true })
  const files = Array.from({ length: FILES }, (_, index) => {
    const content = `segment ${index}`
    writeFileSync(join(draft, 'log', `${index}`), content)
    const sha256 = createHash('sha256').update(content).digest('hex')
    return { path: `log/${index}`, bytes: content.length, sha256 }
  })
  const said = { format: 1, takenAt: 1, partitions: 1, positions: [], checkpoints: [], bytes: 0 }
  writeFileSync(join(draft, MANIFEST), JSON.stringify({ ...said, files }))
  return draft
}

interface Front {
  readonly url: string
  /** Paths of the objects that were put through it. */
  readonly puts: string[]
  /** Cuts every connection from then on. */
  cutAfter(puts: number): void
  close(): void
}

/** Stands before the server and can go away. */
const openFront = async (endpoint: string): Promise<Front> => {
  const puts: string[] = []
  let most = Number.POSITIVE_INFINITY
  const server: Server = createServer((from, to) => {
    if (puts.length >= most) return void from.destroy()
    if (from.method === 'PUT') puts.push(from.url!.split('?')[0]!.replace(/^.*\/log\//, 'log/'))
    const { method = '', headers } = from
    const onward = request(endpoint + from.url, { method, headers }, (answer) => {
      to.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(to)
    })
    from.pipe(onward).on('error', () => to.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    puts,
    cutAfter: (count) => {
      most = count
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

describeWith('an S3 server', S3_PROGRAM, () => {
  let s3: TestS3
  let client: S3Client
  beforeAll(async () => {
    s3 = await startS3()
    client = clientOf(s3)
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  })
  afterAll(async () => {
    client?.destroy()
    await s3?.stop()
  })

  const put = (key: string, body: string) =>
    client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }))
  const keys = async (prefix: string): Promise<string[]> => {
    const { Contents = [] } = await client.send(
      new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }),
    )
    return Contents.map(({ Key = '' }) => Key.slice(prefix.length))
  }

  describeBackupTarget(
    'a bucket',
    async () => ({
      open: () => openS3Backups(`s3://${BUCKET}/contract`, s3),
      plant: async (path, content) => void (await put(`contract/${path}`, content)),
      paths: () => keys('contract/'),
      dispose: async () => {},
    }),
    20 * MIB, // three parts
  )

  describe('an upload that was cut short', () => {
    test('is no backup, goes on where it was when asked again, and leaves no mark', async () => {
      const front = await openFront(s3.endpoint)
      const through = openS3Backups(`s3://${BUCKET}/cut`, { ...s3, endpoint: front.url })
      front.cutAfter(4) // the mark, and three objects
      const draft = draftOf('cut')
      await expect(through.store('a', draft)).rejects.toThrow(/^s3:\/\/backups\/cut\/a\//)
      expect(await keys('cut/')).toContain('a/UNFINISHED')
      const target = openS3Backups(`s3://${BUCKET}/cut`, s3)
      expect(await target.list()).toEqual([])

      front.cutAfter(Number.POSITIVE_INFINITY)
      const before = front.puts.length
      await through.store('a', draft)
      const again = front.puts.slice(before).filter((path) => path.startsWith('log/'))
      expect(again).toHaveLength(FILES - 3)
      expect(await target.list()).toEqual([{ name: 'a', takenAt: 1 }])
      expect(await keys('cut/')).not.toContain('a/UNFINISHED')
      front.close()
    })

    test('with something else in an object of the same length, sends that one again', async () => {
      await put('changed/a/UNFINISHED', 'being made')
      await put('changed/a/log/0', 'damaged 0')
      await put('changed/a/log/stale', 'of another draft')
      const target = openS3Backups(`s3://${BUCKET}/changed`, s3)
      await target.store('a', draftOf('changed'))
      const directory = join(scratch, 'changed-back')
      await target.fetch('a', directory)
      await verifyBackup(directory)
      expect(await keys('changed/a/')).not.toContain('log/stale')
    })

    test('and never asked again, is swept once it is old, never while it is young', async () => {
      await put('swept/a/UNFINISHED', 'being made')
      await put('swept/a/log/0', 'x')
      const target = openS3Backups(`s3://${BUCKET}/swept`, s3)
      await target.sweep(0)
      expect(await keys('swept/')).toHaveLength(2)
      await target.sweep(Number.MAX_SAFE_INTEGER)
      expect(await keys('swept/')).toEqual([])
    })
  })

  describe('secrets', () => {
    test.each([
      ['a wrong secret', { secretAccessKey: 'not-the-secret-4471' }, /SignatureDoesNotMatch/],
      ['a key that nobody has', { accessKeyId: 'AKIANOBODY' }, /InvalidAccessKeyId/],
    ])('%s is said, with the place, and neither key nor secret', async (_what, wrong, said) => {
      const settings = { ...s3, ...wrong }
      const target = openS3Backups(`s3://${BUCKET}/x`, settings)
      await s3.checkSignatures(true)
      const error = await target.store('a', draftOf('secret')).then(
        () => undefined,
        (failure: Error) => failure,
      )
      await s3.checkSignatures(false)
      expect(error?.message).toMatch(said)
      const everything = JSON.stringify({ ...error, text: `${error?.stack}`, cause: error?.cause })
      for (const secret of [settings.accessKeyId, settings.secretAccessKey])
        expect(everything).not.toContain(secret)
    })

    test('the right ones sign what a server that checks them takes', async () => {
      await s3.checkSignatures(true)
      const target = openS3Backups(`s3://${BUCKET}/signed`, s3)
      expect(await target.isVacant('a')).toBe(true)
      await s3.checkSignatures(false)
    })

    test('are in no object', async () => {
      const target = openS3Backups(`s3://${BUCKET}/clean`, s3)
      await target.store('a', draftOf('clean'))
      for (const key of await keys('clean/')) {
        const { Body } = await client.send(
          new GetObjectCommand({ Bucket: BUCKET, Key: `clean/${key}` }),
        )
        expect(await text(Body as NodeJS.ReadableStream)).not.toContain(s3.secretAccessKey)
      }
    })
  })

  test('a bucket that is not there is a fault, not an empty place', async () => {
    await expect(openS3Backups('s3://nowhere/x', s3).list()).rejects.toThrow(/NoSuchBucket/)
  })
})

test.each(['s3://key:s3cret@bucket/x', 's3://bucket?s3cret', 's3:///x', 's3://UPPER/s3cret'])(
  '%s is refused without being repeated',
  (url) => {
    expect(() => openS3Backups(url, {})).toThrow(/^an S3 place is written s3:/)
    expect(() => openS3Backups(url, {})).not.toThrow(/s3cret/)
  },
)
