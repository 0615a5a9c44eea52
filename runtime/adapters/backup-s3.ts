// Backups in a bucket of anything that speaks S3: streamed in parts, the manifest last.
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { MANIFEST, type Manifest, parseManifest } from '../backup/manifest.ts'
import type { BackupTarget, KeptBackup } from '../backup/target.ts'
import type { TreeFile } from '../backup/tree.ts'
import type { BackupSettings } from '../config/backup-schema.ts'
import { environment, setDefaultEnvironment } from '../config/environment.ts'

/*
 *   <prefix>/<name>/UNFINISHED      there while the backup is being made or removed
 *   <prefix>/<name>/log/…           each object with the SHA-256 of its file as metadata
 *   <prefix>/<name>/manifest.json   last: with it the backup is complete
 *
 * What has neither of the two is not ours: a bucket may hold other things beneath the same prefix.
 */
const UNFINISHED = 'UNFINISHED'

/** What is absent the client finds in the AWS variables, profile or role. */
export type S3Settings = BackupSettings['s3']

/** Parts of one object in memory: at most four of them. */
const PART_BYTES = 8 * 1024 * 1024
const PARTS_AT_ONCE = 4
/** S3 takes no more of one object. */
const PARTS_MAX = 10_000
const ATTEMPTS_MAX = 5
const CONNECT_TIMEOUT_MS = 10_000
/** A connection on which nothing moves. */
const SILENCE_MAX_MS = 60_000
const MANIFEST_BYTES_MAX = 64 * 1024 * 1024
/** Many stores that are not Amazon's take any, and the client insists on one. */
const REGION_OF_OTHERS = 'us-east-1'

const clientConfig = (settings: S3Settings): S3ClientConfig => {
  const { endpoint, region, accessKeyId, secretAccessKey } = settings
  const elsewhere =
    endpoint ?? environment('AWS_ENDPOINT_URL_S3') ?? environment('AWS_ENDPOINT_URL')
  const said = region ?? environment('AWS_REGION') ?? environment('AWS_DEFAULT_REGION')
  const chosen = said ?? (elsewhere === undefined ? undefined : REGION_OF_OTHERS)
  return {
    maxAttempts: ATTEMPTS_MAX,
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: SILENCE_MAX_MS },
    forcePathStyle: settings.pathStyle ?? elsewhere !== undefined,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(chosen === undefined ? {} : { region: chosen }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
  }
}

interface Place {
  readonly bucket: string
  /** Empty, or ending with a slash. */
  readonly prefix: string
}

/** @throws Error, without repeating the URL, when it is no `s3://bucket/prefix` */
const readUrl = (url: string): Place => {
  const parts = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([^?#]*))?$/.exec(url)
  if (parts === null)
    throw new Error(
      'an S3 place is written s3://BUCKET/PREFIX; credentials come from the environment or the configuration',
    )
  const path = (parts[2] ?? '').split('/').filter((part) => part !== '')
  return { bucket: parts[1]!, prefix: path.map((part) => `${part}/`).join('') }
}

interface Found {
  readonly key: string
  readonly bytes: number
}

/** There is no such object. */
class AbsentError extends Error {
  override readonly name = 'AbsentError'
}

const isAbsent = (error: unknown): boolean => {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } }
  return name !== 'NoSuchBucket' && $metadata?.httpStatusCode === 404
}

/** The few things that are asked of a bucket; its errors say which key, and hold nothing else. */
const createBucket = (client: S3Client, bucket: string) => {
  const named = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      const where = `s3://${bucket}/${key}`
      if (isAbsent(error)) throw new AbsentError(`${where} is missing`)
      throw new Error(`${where}: ${(error as Error).name}: ${(error as Error).message}`)
    }
  }
  const unlessAbsent = <T>(key: string, work: () => Promise<T>): Promise<T | undefined> =>
    named(key, work).catch((error) => {
      if (error instanceof AbsentError) return undefined
      throw error
    })
  const open = (key: string) => client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))

  return {
    /** Names beneath `prefix`, up to the next slash. */
    folders: (prefix: string) =>
      named(prefix, async () => {
        const found: string[] = []
        const query = { Bucket: bucket, Prefix: prefix, Delimiter: '/' }
        for await (const page of paginateListObjectsV2({ client }, query))
          for (const { Prefix = '' } of page.CommonPrefixes ?? [])
            found.push(Prefix.slice(prefix.length, -1))
        return found
      }),
    objects: (prefix: string) =>
      named(prefix, async () => {
        const found: Found[] = []
        for await (const page of paginateListObjectsV2(
          { client },
          { Bucket: bucket, Prefix: prefix },
        ))
          for (const { Key = '', Size = 0 } of page.Contents ?? [])
            found.push({ key: Key, bytes: Size })
        return found
      }),
    put: (key: string, text: string) =>
      named(key, () => {
        const length = Buffer.byteLength(text)
        const object = { Bucket: bucket, Key: key, Body: text, ContentLength: length }
        return client.send(new PutObjectCommand(object))
      }),
    /** @returns undefined where there is none */
    read: (key: string) =>
      unlessAbsent(key, async () => {
        const { Body, ContentLength = 0 } = await open(key)
        if (ContentLength > MANIFEST_BYTES_MAX) throw new Error('it is far too long')
        return (await Body?.transformToString('utf8')) ?? ''
      }),
    changedAt: (key: string) =>
      unlessAbsent(key, async () => {
        const { LastModified } = await client.send(
          new HeadObjectCommand({ Bucket: bucket, Key: key }),
        )
        return LastModified?.getTime() ?? 0
      }),
    sumOf: (key: string) =>
      unlessAbsent(key, async () => {
        const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
        return Metadata?.sha256
      }),
    /** Whole or not at all; a part is sent again where it failed. */
    upload: (key: string, path: string, { bytes, sha256 }: TreeFile) =>
      named(key, async () => {
        const upload = new Upload({
          client,
          params: {
            Bucket: bucket,
            Key: key,
            Body: createReadStream(path, { highWaterMark: 1024 * 1024 }),
            Metadata: { sha256 },
            // Of a whole object; a part has its own.
            ...(bytes === 0 ? { ContentLength: 0 } : {}),
          },
          partSize: Math.max(PART_BYTES, Math.ceil(bytes / PARTS_MAX)),
          queueSize: PARTS_AT_ONCE,
        })
        await upload.done()
      }),
    download: (key: string, path: string, bytes: number) =>
      named(key, async () => {
        const { Body, ContentLength } = await open(key)
        if (ContentLength !== bytes)
          throw new Error(`it has ${ContentLength} bytes instead of ${bytes}`)
        await pipeline(Body as Readable, createWriteStream(path))
      }),
    remove: (key: string) =>
      named(key, () => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))),
  }
}

type Bucket = ReturnType<typeof createBucket>

/** Uploads what is not there yet, as another attempt may have left it. */
const bring = async (
  bucket: Bucket,
  prefix: string,
  draft: string,
  files: readonly TreeFile[],
): Promise<void> => {
  const there = new Map((await bucket.objects(prefix)).map(({ key, bytes }) => [key, bytes]))
  for (const file of files) {
    const key = prefix + file.path
    const isThere = there.get(key) === file.bytes && (await bucket.sumOf(key)) === file.sha256
    there.delete(key)
    if (!isThere) await bucket.upload(key, join(draft, file.path), file)
  }
  there.delete(prefix + UNFINISHED)
  for (const key of there.keys()) await bucket.remove(key)
}

/** What is cut short here is unfinished again, and swept later. */
const empty = async (bucket: Bucket, prefix: string): Promise<void> => {
  await bucket.put(prefix + UNFINISHED, '')
  await bucket.remove(prefix + MANIFEST)
  for (const { key } of await bucket.objects(prefix))
    if (key !== prefix + UNFINISHED) await bucket.remove(key)
  await bucket.remove(prefix + UNFINISHED)
}

/** @param url `s3://bucket/prefix` */
export const openS3Backups = (url: string, settings: S3Settings = {}): BackupTarget => {
  const { bucket: name, prefix: base } = readUrl(url)
  // It speaks of Node versions that its later releases will need; ours is pinned.
  setDefaultEnvironment('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true')
  const client = new S3Client(clientConfig(settings))
  const bucket = createBucket(client, name)
  const prefixOf = (backup: string): string => `${base}${backup}/`

  const look = async (backup: string): Promise<KeptBackup | undefined> => {
    const text = await bucket.read(prefixOf(backup) + MANIFEST)
    if (text === undefined) return undefined
    return { name: backup, takenAt: parseManifest(text, prefixOf(backup)).takenAt }
  }

  const readManifest = async (backup: string): Promise<Manifest> => {
    const place = `s3://${name}/${base}${backup}`
    const text = await bucket.read(prefixOf(backup) + MANIFEST)
    if (text === undefined) throw new Error(`${place} is no backup: it has no ${MANIFEST}`)
    return parseManifest(text, place)
  }

  return {
    url: `s3://${name}/${base}`.replace(/\/$/, ''),
    async list() {
      const found: KeptBackup[] = []
      for (const folder of await bucket.folders(base)) {
        const backup = await look(folder)
        if (backup !== undefined) found.push(backup)
      }
      return found
    },
    isVacant: async (backup) => (await bucket.read(prefixOf(backup) + MANIFEST)) === undefined,
    async store(backup, draft) {
      const prefix = prefixOf(backup)
      const text = await readFile(join(draft, MANIFEST), 'utf8')
      await bucket.put(prefix + UNFINISHED, '')
      await bring(bucket, prefix, draft, parseManifest(text, draft).files)
      await bucket.put(prefix + MANIFEST, text)
      await bucket.remove(prefix + UNFINISHED)
    },
    async fetch(backup, directory) {
      const manifest = await readManifest(backup)
      await mkdir(directory, { recursive: true })
      for (const { path, bytes } of manifest.files) {
        await mkdir(dirname(join(directory, path)), { recursive: true })
        await bucket.download(prefixOf(backup) + path, join(directory, path), bytes)
      }
      await writeFile(join(directory, MANIFEST), JSON.stringify(manifest))
    },
    remove: async (backup) => empty(bucket, prefixOf(backup)),
    async sweep(before) {
      for (const folder of await bucket.folders(base)) {
        const prefix = prefixOf(folder)
        const begunAt = await bucket.changedAt(prefix + UNFINISHED)
        if (begunAt === undefined || begunAt >= before) continue
        // Completed, but for the mark: nothing else is wrong with it.
        if ((await bucket.read(prefix + MANIFEST)) === undefined) await empty(bucket, prefix)
        else await bucket.remove(prefix + UNFINISHED)
      }
    },
    close: async () => client.destroy(),
  }
}
