// The embedded default under chaos: one process on one directory.
import { setTimeout as pause } from 'node:timers/promises'
import {
  type FaultlineProcess,
  type IncidentItem,
  incidentsOf,
  startFaultline,
} from '../support/faultline.ts'
import { eventually, type Running } from '../support/processes.ts'
import { EMBEDDED_FAULTS, type Victim } from './embedded-faults.ts'
import { deskViolations, logViolations, poisonViolations, readLog } from './oracle.ts'
import type { ChaosWorld } from './world.ts'

const SETTLES_WITHIN_MS = 60_000
/** Checkpoints so often that faults fall before, between and after them. */
const OFTEN = { checkpoint: { everyMs: 1_500, everyRecords: 11 } }

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

const lagOf = async (running: FaultlineProcess): Promise<number> => {
  const text = await (await fetch(`${running.url}/metrics`)).text()
  const lags = [...text.matchAll(/^faultline_consumer_lag_records\{[^}]*\} (\S+)$/gm)]
  if (lags.length === 0) throw new Error('the program tells no lag')
  return lags.reduce((sum, [, value]) => sum + Number(value), 0)
}

/**
 * @param data a directory that is not there yet
 * @param writeConfig where a configuration may be written
 */
export const createEmbeddedWorld = (
  data: string,
  writeConfig: (settings: object) => string,
): ChaosWorld<Victim> => {
  const victim = createVictim(data, writeConfig(OFTEN))
  const settled = (): Promise<IncidentItem[]> =>
    eventually('every stage has read the log', SETTLES_WITHIN_MS, async () => {
      const running = victim.now()!
      return (await lagOf(running)) === 0 ? incidentsOf(running) : undefined
    })
  return {
    name: 'embedded',
    victim,
    faults: EMBEDDED_FAULTS,
    regions: [],
    invariants: [
      'every acknowledged delivery is in the log',
      'what was told is what one undisturbed correlator tells over the same log, version by version',
      'a delivery that is in the log twice counts once',
      'the desk lists every incident that was told, once, under a number of its own, as it was last told',
      'every poison record is in the dead letters once',
    ],
    begin: () => victim.begin(),
    deliver: async (body) =>
      victim
        .now()
        ?.post('/webhooks/alertmanager', body)
        .catch(() => undefined),
    importTopology: (topology) => victim.now()!.post('/api/v1/cis/import', topology),
    async judge(acknowledged, poison) {
      const shown = await settled()
      await victim.end('SIGKILL')
      const log = await readLog(data)
      return {
        incidents: shown.length,
        violations: [
          ...logViolations(log, acknowledged),
          ...deskViolations(log, shown),
          ...poisonViolations(log, poison),
        ],
      }
    },
    end: () => victim.end('SIGKILL'),
  }
}
