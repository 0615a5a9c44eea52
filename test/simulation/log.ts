// A durable log for simulated processes: what was appended stays, whoever dies.
import {
  type Log,
  type LogRecord,
  LogUnavailableError,
  type Subscription,
  TOPICS,
  type Topic,
} from '../../domain/ports/log.ts'
import type { Life, World } from './world.ts'

export interface SimulatedLog {
  /** The log as one life of one process has it. */
  openFor(life: Life): Log
  stored(topic: Topic): readonly LogRecord[]
}

/** Few, so that batches are cut in many ways. */
const BATCH_MAX = 4
const PARTITION = 0

export const createSimulatedLog = (world: World): SimulatedLog => {
  const kept = new Map<Topic, LogRecord[]>(TOPICS.map((topic) => [topic, []]))
  const stored = (topic: Topic): LogRecord[] => kept.get(topic)!
  const appended: (() => void)[] = []
  const more = (): Promise<void> => new Promise((resolve) => appended.push(resolve))
  const unavailable = () => new LogUnavailableError('the seed says so')

  const read = async (life: Life, subscription: Subscription, topic: Topic): Promise<void> => {
    const { assigned, batch, failed, group } = subscription
    try {
      let next = await assigned(topic, PARTITION)
      while (!life.dead) {
        const end = stored(topic).length
        if (next >= end) {
          await more()
          continue
        }
        const count = world.random.integer(1, BATCH_MAX)
        const records = await world.step(life, `${group} reads ${topic}`, () =>
          stored(topic).slice(next, next + count),
        )
        await batch(records, end)
        next += records.length
      }
    } catch (error) {
      failed(error as Error)
    }
  }

  const openFor = (life: Life): Log => ({
    partitions: async () => 1,
    append: (topic, partition, entries) =>
      world.step(
        life,
        `appends to ${topic}`,
        () => {
          const list = stored(topic)
          const first = list.length
          for (const { value, headers = {} } of entries) {
            const at = { topic, partition, offset: list.length, appendedAt: world.clock.now() }
            list.push({ ...at, value, headers })
          }
          for (const tell of appended.splice(0)) tell()
          return first
        },
        { fault: unavailable },
      ),
    bounds: async (topic) => ({ start: 0, end: stored(topic).length }),
    subscribe: async (subscription) => {
      for (const topic of subscription.topics) void read(life, subscription, topic)
      return { stop: async () => {} }
    },
    losses: () => [],
    check: async () => {},
    close: async () => {},
  })
  return { openFor, stored }
}
