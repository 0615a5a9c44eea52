// What the tests of the embedded log share: a log in a scratch folder, and reading all of it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log, LogRecord, Topic } from '../../../../domain/ports/log.ts'
import { type EmbeddedLog, type EmbeddedLogOptions, openEmbeddedLog } from '../embedded-log.ts'

export const TOPIC: Topic = 'events'

export const entry = (text: string) => ({ value: Buffer.from(text) })
export const entryTexts = (records: readonly LogRecord[]): string[] =>
  records.map((record) => Buffer.from(record.value).toString())

const ENTRIES_MAX = 4

/** What the process that is killed writes as its append number `i`. */
export const appendOf = (i: number): string[] =>
  Array.from(
    { length: 1 + (i % ENTRIES_MAX) },
    (_, j) => `${i}.${j} ${'x'.repeat((i * 37) % 2_000)}`,
  )

/** A clock that stands still until it is set. */
export const createTestClock = (at = 1_700_000_000_000) => {
  const clock = { at, now: () => clock.at }
  return clock
}

export const createLogFolder = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'faultline-log-'))
  const clock = createTestClock()
  const opened: EmbeddedLog[] = []
  return {
    directory,
    clock,
    /** Of the first partition of the topic that the tests use. */
    partitionDirectory: join(directory, `${TOPIC}-0`),
    open: async (options: Partial<EmbeddedLogOptions> = {}): Promise<EmbeddedLog> => {
      const log = await openEmbeddedLog({ directory, clock, ...options })
      opened.push(log)
      return log
    },
    remove: async (): Promise<void> => {
      for (const log of opened) await log.close()
      await rm(directory, { recursive: true })
    },
  }
}

export type LogFolder = Awaited<ReturnType<typeof createLogFolder>>

let groups = 0

const LAST_WORD = 'the last word'

/** Reads from `from` on, up to a record that it appends for that. */
export const readAll = async (log: Log, from = 0): Promise<LogRecord[]> => {
  const records: LogRecord[] = []
  let done!: () => void
  let failed!: (error: Error) => void
  const finished = new Promise<void>((resolve, reject) => {
    done = resolve
    failed = reject
  })
  let last = -1
  const running = await log.subscribe({
    group: `reader ${groups++}`,
    topics: [TOPIC],
    assigned: async (_, index) => (index === 0 ? from : (await log.bounds(TOPIC, index)).end),
    revoked: async () => {},
    batch: async (batch) => {
      records.push(...batch)
      if (records.at(-1)!.offset === last) done()
    },
    failed,
  })
  last = await log.append(TOPIC, 0, [entry(LAST_WORD)])
  if (records.at(-1)?.offset === last) done()
  await finished
  await running.stop()
  return records.filter((record) => entryTexts([record])[0] !== LAST_WORD)
}
