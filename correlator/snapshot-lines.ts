// Lines of JSON as chunks of bytes and back; a long list takes many lines, none of them long.

const CHUNK_CHARS = 1 << 18
const NEWLINE = 10

/** In chunks, because one string cannot hold a million alerts, and the loop has more to do. */
export function* encodeLines(lines: Iterable<unknown>): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = ''
  for (const line of lines) {
    text += `${JSON.stringify(line)}\n`
    if (text.length < CHUNK_CHARS) continue
    yield encoder.encode(text)
    text = ''
  }
  if (text !== '') yield encoder.encode(text)
}

export const joined = (chunks: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}

/** @param perLine items; a line has to stay short beside a chunk */
export function* linesOf<T>(items: Iterable<T>, perLine: number): Generator<readonly T[]> {
  let line: T[] = []
  for (const item of items) {
    line.push(item)
    if (line.length < perLine) continue
    yield line
    line = []
  }
  if (line.length > 0) yield line
}

export interface LineReader {
  /** @throws Error at the end; SyntaxError where the line is no JSON */
  next(): unknown
  /** So many items of a list, whatever lines they are on. */
  list<T>(count: number): Generator<T>
}

export const readLinesOf = (bytes: Uint8Array): LineReader => {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let at = 0
  const next = (): unknown => {
    const end = bytes.indexOf(NEWLINE, at)
    if (end < 0) throw new Error('the snapshot ends too early')
    const line: unknown = JSON.parse(decoder.decode(bytes.subarray(at, end)))
    at = end + 1
    return line
  }
  return {
    next,
    *list<T>(count: number) {
      for (let left = count; left > 0; ) {
        const items = next() as readonly T[]
        if (!Array.isArray(items) || items.length === 0 || items.length > left)
          throw new Error('the snapshot holds another number of things than it says')
        yield* items
        left -= items.length
      }
    },
  }
}
