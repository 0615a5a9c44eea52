// Reads a text file, gzipped or not, line by line without ever holding it whole.
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

const CHUNK_BYTES = 1 << 20
const LINE_FEED = 10
/** A line longer than this is given back as `undefined`, cut out of the stream. */
export const LINE_BYTES_MAX = 64 * 1024 * 1024

const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}

/** Told apart by content, not by name. */
const openText = async (path: string): Promise<Readable> => {
  const gzip = await isGzip(path)
  const raw = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  if (!gzip) return raw
  const text = createGunzip({ chunkSize: CHUNK_BYTES })
  raw.on('error', (error) => text.destroy(error))
  return raw.pipe(text)
}

/**
 * Lines in batches, as many as one chunk of the file holds; empty lines included, so that the
 * n-th item is the n-th line. The last line needs no line feed.
 * @throws the stream's own error: no such file, broken gzip
 */
export async function* readLines(path: string): AsyncGenerator<(string | undefined)[]> {
  let rest: Buffer[] = []
  let restBytes = 0
  let overlong = false
  for await (const chunk of await openText(path)) {
    const bytes = chunk as Buffer
    const lines: (string | undefined)[] = []
    let from = 0
    for (let to = bytes.indexOf(LINE_FEED); to >= 0; to = bytes.indexOf(LINE_FEED, from)) {
      if (overlong) lines.push(undefined)
      else if (restBytes > 0)
        lines.push(Buffer.concat([...rest, bytes.subarray(from, to)]).toString('utf8'))
      else lines.push(bytes.toString('utf8', from, to))
      rest = []
      restBytes = 0
      overlong = false
      from = to + 1
    }
    if (from < bytes.length && !overlong) {
      rest.push(bytes.subarray(from))
      restBytes += bytes.length - from
      if (restBytes > LINE_BYTES_MAX) {
        overlong = true
        rest = []
        restBytes = 0
      }
    }
    if (lines.length > 0) yield lines
  }
  if (overlong) yield [undefined]
  else if (restBytes > 0) yield [Buffer.concat(rest).toString('utf8')]
}

export const readText = async (path: string): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of await openText(path)) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
