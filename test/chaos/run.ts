// Shakes a real installation by seed while it takes deliveries, and judges what is left.
import { setTimeout as pause } from 'node:timers/promises'
import { createRandom, type Random } from '../../bench/estate/random.ts'
import type { Acknowledged } from '../simulation/oracle.ts'
import { createTraffic, TOPOLOGY } from '../simulation/traffic.ts'
import { type FaultlineProcess, incidentsOf, startFaultline } from '../support/faultline.ts'
import { eventually, type Running } from '../support/processes.ts'
import { FAULTS, type Fault, type Victim } from './faults.ts'
import { deskViolations, logViolations, poisonViolations, readLog } from './oracle.ts'

export interface ChaosReport {
  readonly seed: string
  /** By fault, how often it struck. */
  readonly struck: Readonly<Record<string, number>>
  readonly acknowledged: number
  readonly events: number
  readonly incidents: number
  readonly invariants: readonly string[]
  readonly violations: readonly string[]
}

const DELIVERIES_PER_ROUND = 8
const SETTLES_WITHIN_MS = 60_000
const RESENDS_MAX = 1_200
/** Checkpoints so often that faults fall before, between and after them. */
const OFTEN = { checkpoint: { everyMs: 1_500, everyRecords: 11 } }

const INVARIANTS = [
  'every acknowledged delivery is in the log',
  'what was told is what one undisturbed correlator tells over the same log, version by version',
  'a delivery that is in the log twice counts once',
  'the desk lists every incident that was told, once, under a number of its own, as it was last told',
  'every poison record is in the dead letters once',
]

/** A program on a directory of its own, which may be ended and started again at any moment. */
const createVictim = (data: string, config: string) => {
  let ready: FaultlineProcess | undefined
  let started: Running | undefined
  const victim: Victim & { now(): FaultlineProcess | undefined } = {
    data,
    now: () => ready,
    async begin() {
      ready = await startFaultline({
        data,
        args: ['--config', config],
        started: (running) => {
          started = running
        },
      })
    },
    async end(signal) {
      ready = undefined
      await started?.stop(signal)
    },
    signal: (signal) => void started?.child.kill(signal),
    pause,
  }
  return victim
}

/** Sends one after the other, each until it is acknowledged, whoever dies meanwhile. */
const sendSome = async (
  victim: ReturnType<typeof createVictim>,
  bodies: readonly string[],
  acknowledged: Acknowledged[],
): Promise<void> => {
  for (const body of bodies)
    for (let attempt = 1; ; attempt++) {
      const answer = await victim
        .now()
        ?.post('/webhooks/alertmanager', body)
        .catch(() => undefined)
      if (answer?.ok === true) {
        acknowledged.push((await answer.json()) as Acknowledged)
        break
      }
      if (attempt === RESENDS_MAX) throw new Error('a delivery was never acknowledged')
      await pause(100)
    }
}

/** Every fault in turn, in an order of the seed's, over and over. */
const planOf = (random: Random, rounds: number): Fault[] => {
  const plan: Fault[] = []
  while (plan.length < rounds) plan.push(...random.sample(FAULTS, FAULTS.length))
  return plan.slice(0, rounds)
}

const lagOf = async (running: FaultlineProcess): Promise<number> => {
  const text = await (await fetch(`${running.url}/metrics`)).text()
  const lags = [...text.matchAll(/^faultline_consumer_lag_records\{[^}]*\} (\S+)$/gm)]
  if (lags.length === 0) throw new Error('the program tells no lag')
  return lags.reduce((sum, [, value]) => sum + Number(value), 0)
}

export const runChaos = async (options: {
  readonly seed: string
  readonly rounds: number
  readonly data: string
  /** Where a configuration may be written. */
  readonly writeConfig: (settings: object) => string
  readonly progress?: (text: string) => void
}): Promise<ChaosReport> => {
  const random = createRandom(options.seed)
  const bodyAt = createTraffic(random.fork('traffic'))
  const victim = createVictim(options.data, options.writeConfig(OFTEN))
  const acknowledged: Acknowledged[] = []
  const plan = planOf(random, options.rounds)
  try {
    await victim.begin()
    const imported = await victim.now()!.post('/api/v1/cis/import', TOPOLOGY)
    if (!imported.ok) throw new Error(`the topology was refused: ${await imported.text()}`)
    for (const [round, fault] of plan.entries()) {
      options.progress?.(`${round + 1}/${plan.length} ${fault.name}`)
      const bodies = Array.from({ length: DELIVERIES_PER_ROUND }, (_, index) =>
        bodyAt(Date.now(), round * DELIVERIES_PER_ROUND + index),
      )
      const sending = sendSome(victim, bodies, acknowledged)
      await fault.strike(victim, random)
      await sending
    }
    const shown = await eventually('every stage has read the log', SETTLES_WITHIN_MS, async () => {
      const running = victim.now()!
      return (await lagOf(running)) === 0 ? incidentsOf(running) : undefined
    })
    await victim.end('SIGKILL')
    const log = await readLog(options.data)
    const poison = plan.reduce((sum, { deadLetters = 0 }) => sum + deadLetters, 0)
    return {
      seed: options.seed,
      struck: Object.fromEntries(
        FAULTS.map(({ name }) => [name, plan.filter((each) => each.name === name).length]),
      ),
      acknowledged: acknowledged.length,
      events: acknowledged.reduce((sum, { accepted }) => sum + accepted, 0),
      incidents: shown.length,
      invariants: INVARIANTS,
      violations: [
        ...logViolations(log, acknowledged),
        ...deskViolations(log, shown),
        ...poisonViolations(log, poison),
      ],
    }
  } finally {
    await victim.end('SIGKILL')
  }
}

export const reportText = ({ seed, struck, violations, invariants, ...counts }: ChaosReport) =>
  [
    `chaos, seed ${seed}: ${counts.acknowledged} deliveries acknowledged, ${counts.events} events, ` +
      `${counts.incidents} incidents`,
    ...Object.entries(struck).map(([name, times]) => `  ${String(times).padStart(4)} x ${name}`),
    ...invariants.map((rule) => `  checked: ${rule}`),
    `${violations.length} violations`,
    ...violations,
  ].join('\n')
