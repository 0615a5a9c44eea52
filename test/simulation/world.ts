// A world in which every await of an adapter ends when a seed says so, or never, or in a fault.
import { createRandom, type Random } from '../../bench/estate/random.ts'
import type { Clock, Millis } from '../../domain/time.ts'

/** One life of one process. What it began never ends once it is dead; stalled, it ends later. */
export interface Life {
  readonly name: string
  /** Resolves at its death. */
  readonly ended: Promise<void>
  readonly dead: boolean
  stalled: boolean
}

export interface StepOptions {
  /** What a fault of the adapter looks like; absent: it has none. */
  readonly fault?: () => Error
}

export interface World {
  readonly random: Random
  readonly clock: Clock
  /** What happened, for whoever looks into a failing seed. */
  readonly trace: readonly string[]
  begin(name: string): Life
  kill(life: Life): void
  /** An adapter's operation: its effect happens at once as a whole, at a moment of the seed's. */
  step<T>(life: Life, name: string, effect: () => T | Promise<T>, options?: StepOptions): Promise<T>
  /** Lets one waiting operation end. @returns false when none can */
  turn(): Promise<boolean>
  /** Time passes; timers are the caller's to move. */
  pass(ms: Millis): void
  /** Whether things go wrong by themselves; not at first. */
  misbehave(on: boolean): void
}

interface Waiting {
  readonly life: Life
  readonly name: string
  end(): Promise<void>
}

const START: Millis = Date.UTC(2026, 2, 2, 9, 0, 0)
const TRACE_MAX = 5_000
const FAULT_CHANCE = 0.04
/** Of an operation that ended: the process dies before it hears of it. */
const DEATH_CHANCE = 0.01

/** All promises that can go on have gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export const createWorld = (seed: string): World => {
  const random = createRandom(seed)
  const waiting: Waiting[] = []
  const trace: string[] = []
  const deaths = new Map<Life, () => void>()
  let now = START
  let faulty = false
  const note = (line: string): void => {
    if (trace.length < TRACE_MAX) trace.push(`${now - START} ${line}`)
  }
  const world: World = {
    random,
    trace,
    clock: { now: () => now },
    begin(name) {
      let die = (): void => {}
      const ended = new Promise<void>((resolve) => {
        die = resolve
      })
      const life = { name, ended, dead: false, stalled: false }
      deaths.set(life, () => {
        life.dead = true
        die()
      })
      return life
    },
    kill(life) {
      if (life.dead) return
      note(`${life.name} dies`)
      deaths.get(life)!()
    },
    step: (life, name, effect, { fault } = {}) =>
      new Promise((resolve, reject) => {
        const end = async (): Promise<void> => {
          if (faulty && fault !== undefined && random.chance(FAULT_CHANCE)) {
            note(`${life.name} ${name}: fault`)
            reject(fault())
            return
          }
          const dies = faulty && random.chance(DEATH_CHANCE)
          note(`${life.name} ${name}`)
          try {
            const result = await effect()
            if (dies) world.kill(life)
            else resolve(result)
          } catch (error) {
            reject(error as Error)
          }
        }
        if (!life.dead) waiting.push({ life, name, end })
      }),
    async turn() {
      await settled()
      const able = waiting.filter(({ life }) => !life.dead && !life.stalled)
      if (able.length === 0) return false
      const chosen = random.pick(able)
      waiting.splice(waiting.indexOf(chosen), 1)
      for (let i = waiting.length - 1; i >= 0; i--) if (waiting[i]!.life.dead) waiting.splice(i, 1)
      await chosen.end()
      await settled()
      return true
    },
    pass(ms) {
      now += ms
    },
    misbehave(on) {
      faulty = on
    },
  }
  return world
}
