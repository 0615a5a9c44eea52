// Which partitions a group member has, how far its stage is in each, and whether Kafka agrees.
import {
  type LogLoss,
  type LogRecord,
  LogUnavailableError,
  type PartitionBounds,
  type Subscription,
  type Topic,
} from '../../../domain/ports/log.ts'

export interface Owned {
  readonly topic: Topic
  readonly partition: number
  /** The offset that the stage is to get next. */
  position: number
  /** The partition's end as far as it is known. */
  end: number
}

export interface OwnershipSettings {
  readonly subscription: Pick<Subscription, 'group' | 'assigned' | 'revoked'>
  bounds(topic: Topic, partition: number): Promise<PartitionBounds>
  lost(loss: LogLoss): void
  /** Makes the consumer fetch from the position. */
  seek(owned: Owned): void
  isEnded(): boolean
  failed(error: unknown): void
}

interface Assigned {
  readonly topic: Topic
  readonly partition: number
}

export interface Ownership {
  /** The group was joined: what is new is loaded, what is gone is forgotten, one after another. */
  joined(memberId: string, assigned: readonly Assigned[]): void
  /** Resolves when every join so far has been dealt with. */
  settled(): Promise<void>
  get(topic: Topic | undefined, partition: number): Owned | undefined
  has(owned: Owned): boolean
  all(): readonly Owned[]
  /** The stage has dealt with `records`. */
  advance(owned: Owned, records: readonly LogRecord[]): void
  /** Kafka gave `first` where the position was wanted: true when it is to be taken nevertheless. */
  realign(owned: Owned, first: number): Promise<boolean>
}

const keyOf = ({ topic, partition }: Assigned): string => `${topic} ${partition}`

export const createOwnership = (settings: OwnershipSettings): Ownership => {
  const { subscription, lost, seek } = settings
  const owned = new Map<string, Owned>()
  let member = ''
  let settling: Promise<void> = Promise.resolve()

  const skip = (partition: Owned, to: number, detail: string): void => {
    const { topic, partition: index, position } = partition
    lost({ topic, partition: index, fromOffset: position, toOffset: to, detail })
    partition.position = to
  }

  /** Brokers that are away are waited for; each try takes its time, so this does not spin. */
  const bounds = async (topic: Topic, partition: number): Promise<PartitionBounds> => {
    for (;;) {
      try {
        return await settings.bounds(topic, partition)
      } catch (error) {
        if (settings.isEnded() || !(error instanceof LogUnavailableError)) throw error
      }
    }
  }

  /** Kafka would silently start anew where a position is out of its range. */
  const admit = async (partition: Owned): Promise<void> => {
    const { topic, partition: index, position } = partition
    const { start, end } = await bounds(topic, index)
    if (position > end)
      throw new Error(
        `${subscription.group} has read ${topic} ${index} up to ${position}, but it ends at ${end}: ` +
          'Kafka lost acknowledged records, or these are other brokers',
      )
    partition.end = end
    if (position < start) skip(partition, start, 'removed by retention before it was read')
  }

  const drop = async (gone: readonly Owned[]): Promise<void> => {
    for (const partition of gone) owned.delete(keyOf(partition))
    for (const { topic, partition } of gone) await subscription.revoked(topic, partition)
  }

  const load = async ({ topic, partition }: Assigned): Promise<void> => {
    const position = await subscription.assigned(topic, partition)
    const loaded: Owned = { topic, partition, position, end: position }
    await admit(loaded)
    owned.set(keyOf(loaded), loaded)
  }

  const settle = async (memberId: string, assigned: readonly Assigned[]): Promise<void> => {
    if (settings.isEnded()) return
    // A member that the group had dropped cannot know who had its partitions meanwhile.
    const kept = memberId === member ? new Set(assigned.map(keyOf)) : new Set<string>()
    member = memberId
    await drop([...owned.values()].filter((partition) => !kept.has(keyOf(partition))))
    for (const each of assigned) if (!owned.has(keyOf(each))) await load(each)
    for (const partition of owned.values()) seek(partition)
  }

  return {
    joined: (memberId, assigned) => {
      settling = settling.then(() => settle(memberId, assigned)).catch(settings.failed)
    },
    settled: async () => {
      for (let seen: unknown; seen !== settling; ) {
        seen = settling
        await settling
      }
    },
    get: (topic, partition) =>
      topic === undefined ? undefined : owned.get(keyOf({ topic, partition })),
    has: (partition) => owned.get(keyOf(partition)) === partition,
    all: () => [...owned.values()],
    advance: (partition, records) => {
      for (const { offset } of records) {
        if (offset > partition.position) skip(partition, offset, 'missing between others')
        partition.position = offset + 1
      }
    },
    realign: async (partition, first) => {
      await admit(partition)
      if (first === partition.position) return true
      if (first > partition.position) {
        skip(partition, first, 'missing though in range')
        return true
      }
      seek(partition)
      return false
    },
  }
}
