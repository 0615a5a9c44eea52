// A stage for the tests of logs: it remembers all that it was told and can wait for it.
import type { LogRecord, Subscription } from '../../domain/ports/log.ts'

let groups = 0

/** A consumer group that nobody else has. */
export const newGroup = (): string => `probe-${process.pid}-${performance.timeOrigin}-${groups++}`

/** A stage that remembers everything it was told, and can wait for it. */
export const createProbe = (overrides: Partial<Subscription> = {}) => {
  const records: LogRecord[] = []
  const batches: { partition: number; size: number; end: number }[] = []
  const assigned: string[] = []
  const revoked: string[] = []
  const failures: Error[] = []
  const overlaps: number[] = []
  const busy = new Set<number>()
  let waiting: (() => void)[] = []
  const tell = (): void => {
    const resumed = waiting
    waiting = []
    for (const resume of resumed) resume()
  }
  const subscription: Subscription = {
    group: newGroup(),
    topics: ['events'],
    ...overrides,
    assigned: async (topic, partition) => {
      assigned.push(`${topic} ${partition}`)
      const position = (await overrides.assigned?.(topic, partition)) ?? 0
      tell()
      return position
    },
    revoked: async (topic, partition) => {
      revoked.push(`${topic} ${partition}`)
      await overrides.revoked?.(topic, partition)
      tell()
    },
    batch: async (taken, end) => {
      const { partition } = taken[0]!
      if (busy.has(partition)) overlaps.push(partition)
      busy.add(partition)
      try {
        await overrides.batch?.(taken, end)
      } finally {
        busy.delete(partition)
      }
      batches.push({ partition, size: taken.length, end })
      records.push(...taken)
      tell()
    },
    failed: (error) => {
      failures.push(error)
      tell()
    },
  }
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const of = (partition: number): LogRecord[] =>
    records.filter((record) => record.partition === partition)
  return { subscription, records, batches, assigned, revoked, failures, overlaps, until, of }
}
