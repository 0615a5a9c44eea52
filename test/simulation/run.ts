// One seed: an installation lives through an hour of traffic, faults and deaths, then is judged.
import { vi } from 'vitest'
import { encodeRecord } from '../../domain/records.ts'
import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts'
import type { Desk } from '../../ticketing/desk.ts'
import { createSimulatedCheckpoints } from './checkpoints.ts'
import { createSimulatedLog, type SimulatedLog } from './log.ts'
import { type Acknowledged, violations } from './oracle.ts'
import { type Edge, type Installation, startCorrelator, startDesk, startEdge } from './processes.ts'
import { createTraffic, TOPOLOGY } from './traffic.ts'
import { createWorld, type Life, type World } from './world.ts'

const DELIVERIES = 14
/** Scopes of an installation with several partitions: one of them is in each of three. */
const REGIONS = ['eu', 'us', 'sea', 'mars'] as const
const TURNS_MAX = 20_000
const STALL_CHANCE = 0.01
const PASS_CHANCE = 0.15

export interface Outcome {
  readonly violations: readonly string[]
  readonly trace: readonly string[]
  readonly deaths: number
  readonly faults: number
  readonly log: SimulatedLog
}

/** Lets the seed say how much time passes; timers that come due start what they start. */
const letTimePass = (world: World): void => {
  const ms = world.random.pick([50, 400, SECOND_MS, 5 * SECOND_MS, MINUTE_MS])
  world.pass(ms)
  // Far fewer ticks than there are seconds: a timer fires once for each stretch of time.
  vi.advanceTimersByTime(Math.min(ms, SECOND_MS))
}

/** Starts whoever died, as a supervisor does. A stalled one is replaced, and wakes up as a zombie. */
const createSupervisor = (installation: Installation, desk: Desk | undefined) => {
  const { world } = installation
  let edge = startEdge(installation)
  // Where there are partitions to share, two share them.
  const correlators = installation.log.partitions === 1 ? 1 : 2
  const running = Array.from({ length: correlators }, () => startCorrelator(installation))
  let clerk = desk === undefined ? undefined : startDesk(installation, desk)
  const asleep: Life[] = []
  return {
    edge: (): Edge => edge,
    restart() {
      if (edge.life.dead) edge = startEdge(installation)
      for (const [index, correlator] of running.entries())
        if (correlator.dead) running[index] = startCorrelator(installation)
      if (desk !== undefined && clerk!.dead) clerk = startDesk(installation, desk)
    },
    stallAndWake() {
      if (world.random.chance(STALL_CHANCE)) {
        const index = world.random.integer(0, running.length - 1)
        const correlator = running[index]!
        correlator.stalled = true
        asleep.push(correlator)
        running[index] = startCorrelator(installation)
      }
      const zombie = asleep[0]
      if (zombie !== undefined && world.random.chance(0.1)) {
        zombie.stalled = false
        asleep.shift()
      }
    },
    /** No more sleepers, so that all of their leftovers are part of what is judged. */
    wakeAll() {
      for (const life of asleep.splice(0)) life.stalled = false
    },
  }
}

type Supervisor = ReturnType<typeof createSupervisor>

/** A monitoring tool: sends one after the other, each until it is acknowledged. */
const sendAll = async (
  { world, log }: Installation,
  supervisor: Supervisor,
  acknowledged: Acknowledged[],
): Promise<void> => {
  const bodyAt = createTraffic(world.random.fork('traffic'), log.partitions === 1 ? [] : REGIONS)
  for (let sequence = 0; sequence < DELIVERIES; sequence++) {
    const body = Buffer.from(bodyAt(world.clock.now(), sequence))
    for (;;) {
      const { life, intake } = supervisor.edge()
      const answer = await Promise.race([
        intake.take({ source: 'alertmanager', body, contentType: 'application/json' }),
        // A process that dies says nothing: the sender hears its connection close.
        life.ended,
      ])
      if (answer?.kind === 'taken') {
        acknowledged.push(answer)
        break
      }
      // Tried again once the world has moved on: at once, a dead process would be asked forever.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

export const simulate = async (
  seed: string,
  { desk, partitions = 1 }: { readonly desk?: Desk; readonly partitions?: number } = {},
): Promise<Outcome> => {
  const world = createWorld(seed)
  const log = createSimulatedLog(world, partitions)
  const installation = { world, log, checkpoints: createSimulatedCheckpoints(world) }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const at = world.clock.now()
    const topology = encodeRecord('events', { kind: 'topology', at, topology: TOPOLOGY })
    const own = log.openFor(world.begin('import'))
    for (let partition = 0; partition < partitions; partition++) {
      const appending = own.append('events', partition, [{ value: topology }])
      await world.turn()
      await appending
    }
    world.misbehave(true)
    const supervisor = createSupervisor(installation, desk)
    const acknowledged: Acknowledged[] = []
    let sent = false
    void sendAll(installation, supervisor, acknowledged).then(() => {
      sent = true
    })
    let quiet = false
    for (let turn = 0; turn < TURNS_MAX && !quiet; turn++) {
      if (sent) {
        world.misbehave(false)
        supervisor.wakeAll()
      } else supervisor.stallAndWake()
      supervisor.restart()
      const busy = await world.turn()
      // With nobody left to send, nothing under way means that all was read.
      quiet = sent && !busy
      if (!busy || world.random.chance(PASS_CHANCE)) letTimePass(world)
    }
    const { trace } = world
    return {
      violations: quiet ? violations(log, acknowledged) : ['it never came to rest'],
      trace,
      deaths: trace.filter((line) => line.endsWith(' dies')).length,
      faults: trace.filter((line) => line.endsWith(': fault')).length,
      log,
    }
  } finally {
    vi.useRealTimers()
  }
}
