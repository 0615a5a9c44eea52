// A durable log for simulated processes: what was appended stays, whoever dies.
import {
  type Log,
  type LogRecord,
  LogUnavailableError,
  TOPICS,
  type Topic,
} from '../../domain/ports/log.ts'
import { createGroups, type Member, placeOf } from './groups.ts'
import type { Life, World } from './world.ts'

export interface SimulatedLog {
  readonly partitions: number
  /** The log as one life of one process has it. */
  openFor(life: Life): Log
  /** Of all partitions; in order within each. */
  stored(topic: Topic): readonly LogRecord[]
}

/** Few, so that batches are cut in many ways. */
const BATCH_MAX = 4

export const createSimulatedLog = (world: World, partitions: number): SimulatedLog => {
  const kept = new Map<string, LogRecord[]>()
  for (const topic of TOPICS)
    for (let partition = 0; partition < partitions; partition++)
      kept.set(placeOf(topic, partition), [])
  const listOf = (topic: Topic, partition: number): LogRecord[] =>
    kept.get(placeOf(topic, partition))!
  const appended: (() => void)[] = []
  const more = (): Promise<void> => new Promise((resolve) => appended.push(resolve))
  const unavailable = () => new LogUnavailableError('the seed says so')

  /** For as long as the member believes that the partition is its own. */
  const read = async (
    member: Member,
    topic: Topic,
    partition: number,
    from: number,
  ): Promise<void> => {
    const { life, held, subscription } = member
    const { batch, failed, group } = subscription
    const place = placeOf(topic, partition)
    const token = held.get(place)
    const holds = (): boolean => !life.dead && held.get(place) === token
    try {
      for (let next = from; holds(); ) {
        const end = listOf(topic, partition).length
        if (next >= end) {
          await more()
          continue
        }
        const count = world.random.integer(1, BATCH_MAX)
        const records = await world.step(life, `${group} reads ${place}`, () =>
          listOf(topic, partition).slice(next, next + count),
        )
        if (!holds()) return
        await batch(records, end)
        next += records.length
      }
    } catch (error) {
      failed(error as Error)
    }
  }

  const groups = createGroups(world, partitions, read)

  const openFor = (life: Life): Log => ({
    partitions: async () => partitions,
    append: (topic, partition, entries) =>
      world.step(
        life,
        `appends to ${placeOf(topic, partition)}`,
        () => {
          const list = listOf(topic, partition)
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
    bounds: async (topic, partition) => ({ start: 0, end: listOf(topic, partition).length }),
    subscribe: async (subscription) => {
      groups.join(life, subscription)
      return { stop: async () => {} }
    },
    losses: () => [],
    check: async () => {},
    close: async () => {},
  })
  return {
    partitions,
    openFor,
    stored: (topic) =>
      Array.from({ length: partitions }, (_, partition) => listOf(topic, partition)).flat(),
  }
}
