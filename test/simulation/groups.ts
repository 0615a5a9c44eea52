// A consumer group of the simulated log: who has which partitions, and who has not heard of it yet.
import type { Subscription, Topic } from '../../domain/ports/log.ts'
import type { Life, World } from './world.ts'

/** A subscription of one life, as the group and as the life itself sees it. */
export interface Member {
  readonly life: Life
  readonly subscription: Subscription
  /** What it believes to have; another object after each assignment. */
  readonly held: Map<string, object>
}

interface Group {
  members: Member[]
  assignment: ReadonlyMap<Member, readonly string[]>
  /** Those who wait for the next generation. */
  waiting: (() => void)[]
  generation: number
}

export const placeOf = (topic: Topic, partition: number): string => `${topic} ${partition}`

/**
 * A new generation holds at once; each member hears of it when the seed lets it. Until then the old
 * owner goes on reading beside the new one, as a process that sleeps or is cut off does.
 */
export const createGroups = (
  world: World,
  partitions: number,
  read: (member: Member, topic: Topic, partition: number, from: number) => Promise<void>,
) => {
  const groups = new Map<string, Group>()

  const groupOf = (name: string): Group => {
    const known = groups.get(name)
    if (known !== undefined) return known
    const group = { members: [], assignment: new Map(), waiting: [], generation: 0 }
    groups.set(name, group)
    return group
  }

  /** The dead and the silent are no members any more. */
  const rebalance = (group: Group, topics: readonly Topic[]): void => {
    const members = group.members.filter(({ life }) => !life.dead && !life.stalled)
    const places = topics.flatMap((topic) =>
      Array.from({ length: partitions }, (_, partition) => placeOf(topic, partition)),
    )
    group.members = members
    group.assignment = new Map(
      members.map((member, index) => [
        member,
        places.filter((_, place) => place % members.length === index),
      ]),
    )
    group.generation += 1
    for (const tell of group.waiting.splice(0)) tell()
  }

  const giveUp = async ({ subscription, held }: Member, places: readonly string[]) => {
    for (const place of places) {
      held.delete(place)
      const [topic, partition] = place.split(' ')
      await subscription.revoked(topic as Topic, Number(partition))
    }
  }

  /** @param missed a generation went by without it: it cannot know who had its partitions then */
  const take = async (group: Group, member: Member, missed: boolean): Promise<void> => {
    const { subscription, held } = member
    const dropped = !group.members.includes(member)
    if (missed || dropped) await giveUp(member, [...held.keys()])
    if (dropped) {
      group.members.push(member)
      rebalance(group, subscription.topics)
    }
    const wanted = group.assignment.get(member) ?? []
    const gone = [...held.keys()].filter((place) => !wanted.includes(place))
    await giveUp(member, gone)
    for (const place of wanted) {
      if (held.has(place)) continue
      const [topic, partition] = place.split(' ') as [Topic, string]
      // One after the other, as the Kafka log does it: no two assignments are under way at once.
      const from = await subscription.assigned(topic, Number(partition))
      held.set(place, {})
      void read(member, topic, Number(partition), from)
    }
  }

  const follow = async (group: Group, member: Member): Promise<void> => {
    const { life, subscription } = member
    for (let heard = -1; !life.dead; ) {
      if (heard === group.generation) {
        await new Promise<void>((resolve) => group.waiting.push(resolve))
        continue
      }
      const before = heard
      await world.step(life, `${subscription.group} hears of its partitions`, () => {
        heard = group.generation
      })
      await take(group, member, heard > before + 1).catch(subscription.failed)
    }
  }

  return {
    join: (life: Life, subscription: Subscription): void => {
      const group = groupOf(subscription.group)
      const member: Member = { life, subscription, held: new Map() }
      group.members.push(member)
      rebalance(group, subscription.topics)
      void follow(group, member)
      // Also of one that nobody starts again, as a zombie that woke up is.
      void life.ended.then(() => rebalance(group, subscription.topics))
    },
  }
}
