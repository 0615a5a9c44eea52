// A real process that is started again whenever it ends, as a supervisor does.
import { setTimeout as pause } from 'node:timers/promises'
import type { RoleName } from '../../runtime/roles/role.ts'
import { type FaultlineProcess, startFaultline } from './faultline.ts'
import { eventually, type Running } from './processes.ts'

export interface Supervised {
  readonly role: RoleName
  /** Once it is ready; undefined while it is not. */
  now(): FaultlineProcess | undefined
  /** To the process that runs, ready or not. */
  signal(signal: NodeJS.Signals): void
  /** Resolves when it is ready. */
  ready(): Promise<FaultlineProcess>
  /** How often it ended. */
  ends(): number
  /** For good. @returns the exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** The last words of each process that ended by itself. */
  readonly faults: readonly string[]
}

/** On a machine with much else to do. */
const READY_WITHIN_MS = 240_000
const RESTART_AFTER_MS = 200
const LAST_WORDS = 1_500
const FAULTS_KEPT = 20

export const supervise = (
  role: RoleName,
  options: Omit<Parameters<typeof startFaultline>[0], 'role' | 'started'>,
): Supervised => {
  let running: Running | undefined
  let ready: FaultlineProcess | undefined
  let wanted = true
  let ends = 0
  const faults: string[] = []

  const live = async (): Promise<void> => {
    while (wanted) {
      let mine: Running | undefined
      try {
        ready = await startFaultline({
          readyWithinMs: READY_WITHIN_MS,
          ...options,
          role,
          started: (started) => {
            mine = started
            running = started
          },
        })
      } catch {} // it ended, or will not become ready: either way it is waited for
      const code = await mine?.gone
      ready = undefined
      ends += 1
      if (typeof code === 'number' && code !== 0 && faults.length < FAULTS_KEPT)
        faults.push(`${role} ended with ${code}: ${mine?.output().slice(-LAST_WORDS)}`)
      if (wanted) await pause(RESTART_AFTER_MS)
    }
  }
  const living = live()

  return {
    role,
    faults,
    now: () => ready,
    signal: (signal) => void running?.child.kill(signal),
    ready: async () => {
      const found = await eventually(`${role} is ready`, READY_WITHIN_MS, () => ready).catch(
        (error: Error) => {
          throw new Error(`${error.message}\n${running?.output().slice(-LAST_WORDS)}`)
        },
      )
      return found
    },
    ends: () => ends,
    stop: async (signal = 'SIGTERM') => {
      wanted = false
      const code = await running?.stop(signal)
      await living
      return code ?? null
    },
  }
}
