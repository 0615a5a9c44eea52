// What can happen to processes on Kafka and PostgreSQL, one entry a fault.
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../../bench/estate/random.ts'
import type { Log } from '../../domain/ports/log.ts'
import type { RoleName } from '../../runtime/roles/role.ts'
import type { Supervised } from '../support/supervised.ts'
import { type Estate, PARTITIONS, SESSION_MS } from './kafka-estate.ts'
import type { Fault } from './world.ts'

export interface KafkaVictim {
  readonly estate: Estate
  /** Of this process, to put things into. */
  readonly log: Log
  /** Bodies that were delivered lately. */
  readonly delivered: readonly string[]
  deliver(body: string): Promise<unknown>
}

const ROLES = ['ingest', 'correlator', 'ticketing', 'facts'] as const
/** Long enough that the group gives a sleeper's partitions to others. */
const PAST_THE_SESSION_MS = SESSION_MS + 2_500

const kill = async (members: readonly Supervised[]): Promise<void> => {
  const ends = members.map((member) => member.ends())
  for (const member of members) member.signal('SIGKILL')
  for (const [index, member] of members.entries()) {
    while (member.ends() === ends[index]) await pause(20)
    await member.ready()
  }
}

const killOf = (role: RoleName): Fault<KafkaVictim> => ({
  name: `kill -9 of ${role}`,
  rows: [29],
  strike: async ({ estate }, random) => {
    await pause(random.integer(0, 700))
    await kill([random.pick(estate.members(role))])
  },
})

/** It believes that it owns what was given to another meanwhile. */
const sleep = async (member: Supervised, random: Random): Promise<void> => {
  await pause(random.integer(0, 500))
  member.signal('SIGSTOP')
  await pause(PAST_THE_SESSION_MS + random.integer(0, 1_000))
  member.signal('SIGCONT')
  await pause(1_000)
  await member.ready()
}

const sleepOf = (role: 'ticketing' | 'facts'): Fault<KafkaVictim> => ({
  name: `${role} sleeps past its session, another takes over, and it wakes`,
  rows: [32, 35],
  strike: async ({ estate }, random) => {
    const stand = estate.addMember(role)
    try {
      await Promise.all([stand.ready(), pause(random.integer(0, 3_000))])
      await sleep(random.pick(estate.members(role)), random)
    } finally {
      await stand.stop()
    }
  },
})

const damageCheckpoint = ({ postgres, databaseUrl }: Estate, random: Random): Promise<void> =>
  postgres.query(
    databaseUrl,
    `update checkpoint_parts set bytes = set_byte(bytes, $2::int, get_byte(bytes, $2::int) # 16)
     where name = $1 and version = (select max(version) from checkpoint_parts where name = $1)`,
    [`correlator-${random.integer(0, PARTITIONS - 1)}`, random.integer(0, 100)],
  )

const jump = async (member: Supervised, random: Random): Promise<void> => {
  member.signal('SIGUSR2')
  await pause(random.integer(1_000, 3_000))
  member.signal('SIGUSR2')
}

export const KAFKA_FAULTS: readonly Fault<KafkaVictim>[] = [
  ...ROLES.map(killOf),
  {
    name: 'every process is killed at once',
    rows: [29],
    strike: ({ estate }) => kill(estate.all()),
  },
  {
    name: 'a correlator sleeps past its session, is succeeded, and wakes',
    rows: [32, 35],
    strike: ({ estate }, random) => sleep(random.pick(estate.members('correlator')), random),
  },
  sleepOf('ticketing'),
  sleepOf('facts'),
  {
    name: 'the network of one correlator is cut',
    rows: [35],
    strike: async ({ estate: { link, remote } }, random) => {
      if (link === undefined) return
      await link.cut()
      await pause(PAST_THE_SESSION_MS + random.integer(0, 2_000))
      await link.heal()
      await remote().ready()
    },
  },
  {
    name: 'the broker dies and comes back',
    rows: [32],
    strike: async ({ estate: { broker } }, random) => {
      await broker.kill()
      await pause(random.integer(0, 3_000))
      await broker.start()
    },
  },
  {
    name: 'PostgreSQL crashes and comes back',
    rows: [29],
    strike: async ({ estate }, random) => {
      await pause(random.integer(0, 1_000))
      await estate.postgres.restart()
    },
  },
  {
    name: 'ClickHouse is away',
    rows: [33],
    strike: async ({ estate: { clickhouse } }, random) => {
      clickhouse.behave('refuse')
      await pause(random.integer(3_000, 8_000))
      clickhouse.behave('answer')
    },
  },
  {
    name: 'ClickHouse does what it is told, and its answers are lost',
    rows: [33],
    strike: async ({ estate: { clickhouse } }, random) => {
      clickhouse.behave('lose-answer')
      await pause(random.integer(1_000, 4_000))
      clickhouse.behave('answer')
    },
  },
  {
    name: 'a poison record on the events topic',
    rows: [28],
    deadLetters: 1,
    strike: async ({ log }, random) => {
      const value = Buffer.from('{"kind":')
      await log.append('events', random.integer(0, PARTITIONS - 1), [{ value }])
    },
  },
  {
    name: 'a flipped bit in the newest checkpoint, and its owner dies',
    rows: [30],
    strike: async ({ estate }, random) => {
      await damageCheckpoint(estate, random)
      await kill(estate.members('correlator'))
    },
  },
  {
    name: 'deliveries come again, in another order',
    rows: [14, 15],
    strike: async ({ delivered, deliver }, random) => {
      for (const body of random.sample(delivered, delivered.length)) await deliver(body)
    },
  },
  {
    name: 'the clock of a process jumps by an hour and back',
    rows: [13],
    strike: ({ estate }, random) => jump(random.pick(estate.all()), random),
  },
  {
    name: 'a rolling restart',
    rows: [36],
    strike: async ({ estate }) => {
      for (const member of estate.all()) {
        const before = member.ends()
        member.signal('SIGTERM')
        while (member.ends() === before) await pause(20)
        await member.ready()
      }
    },
  },
]
