// Shakes an installation by seed while it takes deliveries, and judges what is left.
import { setTimeout as pause } from 'node:timers/promises'
import { createRandom, type Random } from '../../bench/estate/random.ts'
import type { Acknowledged } from '../simulation/oracle.ts'
import { createTraffic, TOPOLOGY } from '../simulation/traffic.ts'
import type { ChaosWorld, Fault } from './world.ts'

export interface ChaosReport {
  readonly world: string
  readonly seed: string
  /** By fault, how often it struck. */
  readonly struck: Readonly<Record<string, number>>
  readonly acknowledged: number
  readonly events: number
  readonly incidents: number
  readonly notes: readonly string[]
  readonly invariants: readonly string[]
  readonly violations: readonly string[]
}

/** At least; they keep coming for as long as a fault takes. */
const DELIVERIES_PER_ROUND = 8
const BETWEEN_MS = 300
const RESENDS_MAX = 1_200

interface Sending {
  readonly world: ChaosWorld
  readonly bodyAt: (now: number, sequence: number) => string
  readonly random: Random
  readonly acknowledged: Acknowledged[]
  sequence: number
}

/** Until it is acknowledged, whoever dies meanwhile. */
const sendOne = async ({ world, acknowledged }: Sending, body: string): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    const answer = await world.deliver(body)
    if (answer?.ok === true) {
      acknowledged.push((await answer.json()) as Acknowledged)
      return
    }
    if (attempt === RESENDS_MAX) throw new Error('a delivery was never acknowledged')
    await pause(100)
  }
}

/** One after the other, while the fault lasts. */
const sendWhile = async (sending: Sending, lasts: () => boolean): Promise<void> => {
  for (let sent = 0; sent < DELIVERIES_PER_ROUND || lasts(); sent++) {
    await sendOne(sending, sending.bodyAt(Date.now(), sending.sequence++))
    if (sent >= DELIVERIES_PER_ROUND) await pause(sending.random.integer(0, BETWEEN_MS))
  }
}

/** Every fault in turn, in an order of the seed's, over and over. */
const planOf = <V>(faults: readonly Fault<V>[], random: Random, rounds: number): Fault<V>[] => {
  const plan: Fault<V>[] = []
  while (plan.length < rounds) plan.push(...random.sample(faults, faults.length))
  return plan.slice(0, rounds)
}

/** @param options.only those of the world's faults whose names match */
export const runChaos = async <V>(options: {
  readonly world: ChaosWorld<V>
  readonly seed: string
  readonly rounds: number
  readonly only?: RegExp
  readonly progress?: (text: string) => void
}): Promise<ChaosReport> => {
  const { world, seed, only = /./ } = options
  const faults = world.faults.filter(({ name }) => only.test(name))
  if (faults.length === 0) throw new RangeError(`no fault of ${world.name} matches ${only}`)
  const random = createRandom(seed)
  const acknowledged: Acknowledged[] = []
  const bodyAt = createTraffic(random.fork('traffic'), world.regions)
  const sending = { world, bodyAt, random: random.fork('sender'), acknowledged, sequence: 0 }
  const plan = planOf(faults, random, options.rounds)
  try {
    await world.begin()
    const imported = await world.importTopology(TOPOLOGY)
    if (!imported.ok) throw new Error(`the topology was refused: ${await imported.text()}`)
    for (const [round, fault] of plan.entries()) {
      options.progress?.(`${round + 1}/${plan.length} ${fault.name}`)
      let struck = false
      const sent = sendWhile(sending, () => !struck)
      await fault.strike(world.victim, random).finally(() => {
        struck = true
      })
      await sent
    }
    options.progress?.('judging')
    const poison = plan.reduce((sum, { deadLetters = 0 }) => sum + deadLetters, 0)
    const { incidents, violations, notes = [] } = await world.judge(acknowledged, poison)
    return {
      world: world.name,
      seed,
      struck: Object.fromEntries(
        faults.map(({ name }) => [name, plan.filter((each) => each.name === name).length]),
      ),
      acknowledged: acknowledged.length,
      events: acknowledged.reduce((sum, { accepted }) => sum + accepted, 0),
      incidents,
      notes,
      invariants: world.invariants,
      violations,
    }
  } finally {
    await world.end()
  }
}

export const reportText = ({
  world,
  seed,
  struck,
  notes,
  violations,
  invariants,
  ...counts
}: ChaosReport): string =>
  [
    `chaos, ${world}, seed ${seed}: ${counts.acknowledged} deliveries acknowledged, ` +
      `${counts.events} events, ${counts.incidents} incidents`,
    ...Object.entries(struck).map(([name, times]) => `  ${String(times).padStart(4)} x ${name}`),
    ...notes.map((note) => `  ${note}`),
    ...invariants.map((rule) => `  checked: ${rule}`),
    `${violations.length} violations`,
    ...violations,
  ].join('\n')
