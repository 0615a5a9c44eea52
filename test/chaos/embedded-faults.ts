// What can happen to the embedded default, one entry a fault.
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Random } from '../../bench/estate/random.ts'
import { openEmbeddedLog } from '../../runtime/adapters/embedded-log/embedded-log.ts'
import { createSystemClock } from '../../runtime/clock.ts'
import type { Fault } from './world.ts'

/** What a fault may do to the program and its files. */
export interface Victim {
  readonly data: string
  /** Ends the program and waits until it is gone. */
  end(signal: NodeJS.Signals): Promise<void>
  /** Starts it again and waits until it is ready. */
  begin(): Promise<void>
  /** Sends a signal that does not end it. */
  signal(signal: NodeJS.Signals): void
  pause(ms: number): Promise<void>
}

const LOG = 'log'
const EVENTS = 'events-0'
const CHECKPOINTS = 'checkpoints'

const restart = async (victim: Victim, mean: () => Promise<void> = async () => {}) => {
  await victim.end('SIGKILL')
  await mean()
  await victim.begin()
}

const newestOf = async (directory: string, ending: string): Promise<string | undefined> => {
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith(ending))
  const newest = names.sort().at(-1)
  return newest === undefined ? undefined : join(directory, newest)
}

/** A write that a power loss cut short. */
const tearTail = async ({ data }: Victim, random: Random): Promise<void> => {
  const segment = await newestOf(join(data, LOG, EVENTS), '.log')
  if (segment === undefined) throw new Error('the log has no segment to tear')
  const bytes = Buffer.from(random.hex(2 * random.integer(1, 200)), 'hex')
  await appendFile(segment, bytes)
}

const flipBit = async (path: string, random: Random): Promise<void> => {
  const bytes = await readFile(path)
  const place = random.integer(0, bytes.length - 1)
  bytes[place] = bytes[place]! ^ (1 << random.integer(0, 7))
  await writeFile(path, bytes)
}

const damageCheckpoint = async ({ data }: Victim, random: Random): Promise<void> => {
  const newest = await newestOf(join(data, CHECKPOINTS), '.checkpoint')
  if (newest !== undefined) await flipBit(newest, random)
}

const appendPoison = async ({ data }: Victim): Promise<void> => {
  const log = await openEmbeddedLog({ directory: join(data, LOG), clock: createSystemClock() })
  await log.append('events', 0, [{ value: Buffer.from('{"kind":') }])
  await log.close()
}

export const EMBEDDED_FAULTS: readonly Fault<Victim>[] = [
  {
    name: 'kill -9',
    rows: [29],
    strike: async (victim, random) => {
      await victim.pause(random.integer(0, 300))
      await restart(victim)
    },
  },
  {
    name: 'kill -9 twice, the second while it starts',
    rows: [29],
    strike: async (victim, random) => {
      await victim.end('SIGKILL')
      const starting = victim.begin().catch(() => {})
      await victim.pause(random.integer(200, 2_000))
      await victim.end('SIGKILL')
      await starting
      await victim.begin()
    },
  },
  {
    name: 'a torn last record',
    rows: [30],
    strike: (victim, random) => restart(victim, () => tearTail(victim, random)),
  },
  {
    name: 'a flipped bit in the newest checkpoint',
    rows: [30],
    strike: (victim, random) => restart(victim, () => damageCheckpoint(victim, random)),
  },
  {
    name: 'a poison record on the events topic',
    rows: [28],
    deadLetters: 1,
    strike: (victim) => restart(victim, () => appendPoison(victim)),
  },
  {
    name: 'the desk’s store is lost',
    rows: [30],
    strike: (victim) =>
      restart(victim, () => rm(join(victim.data, 'desk'), { recursive: true, force: true })),
  },
  {
    name: 'the program is stopped for a while (SIGSTOP)',
    rows: [13, 35],
    strike: async (victim, random) => {
      victim.signal('SIGSTOP')
      await victim.pause(random.integer(500, 2_500))
      victim.signal('SIGCONT')
    },
  },
  {
    name: 'an orderly restart in the middle of it',
    rows: [36],
    strike: async (victim) => {
      await victim.end('SIGTERM')
      await victim.begin()
    },
  },
]
