// The kinds of faults: where each strikes, what its root shows, how it travels along dependencies.
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts'
import { type AlertType, ROOT_TYPES, SYMPTOMS } from './alert-types.ts'

export interface RootSign {
  readonly type: AlertType
  readonly probability: number
}

export interface FaultKind {
  readonly name: string
  readonly strikes: readonly string[]
  /** Narrows the roots by id, e.g. to the identity hub. */
  readonly only?: RegExp
  /** How often it happens relative to the others. */
  readonly weight: number
  readonly signs: readonly RootSign[]
  /** Chance that the effect reaches one neighbour over one edge. */
  readonly reach: number
  /** Multiplies `reach` for each further step. */
  readonly fading: number
  readonly stepsMax: number
  /** Mean delay of one step. */
  readonly stepMs: number
  readonly lastsMs: readonly [number, number]
  /** Chance that a change brought it, and of what type. */
  readonly change?: { readonly type: string; readonly probability: number }
  /** Chance that the root itself stays silent although its sufferers shout. */
  readonly silent?: number
  /** Takes down a large share of the estate. */
  readonly storms?: boolean
}

const sign = (type: AlertType, probability: number): RootSign => ({ type, probability })
const symptom = (kind: string, name: string): AlertType => {
  const found = SYMPTOMS[kind]?.find((type) => type.name === name)
  if (!found) throw new Error(`no symptom ${name} of ${kind}`)
  return found
}

const SHORT: readonly [number, number] = [15 * MINUTE_MS, HOUR_MS]
const LONG: readonly [number, number] = [25 * MINUTE_MS, 2 * HOUR_MS]
const ERRORS = symptom('service', 'ErrorRateHigh')
const LATENCY = symptom('service', 'LatencyP99High')
const CRASHES = symptom('service', 'PodCrashLooping')
const PROBE = symptom('service', 'BlackboxProbeFailed')
const HOST_DOWN = symptom('host', 'HostDown')
const NOT_READY = symptom('host', 'NodeNotReady')
const LOAD = symptom('host', 'LoadAverageHigh')

export const FAULTS: readonly FaultKind[] = [
  {
    name: 'bad_deploy',
    strikes: ['service'],
    weight: 7,
    signs: [sign(ERRORS, 0.95), sign(CRASHES, 0.8), sign(ROOT_TYPES.deploy, 0.25)],
    reach: 0.35,
    fading: 0.6,
    stepsMax: 3,
    stepMs: 35 * SECOND_MS,
    lastsMs: SHORT,
    change: { type: 'deployment', probability: 1 },
  },
  {
    name: 'config_error',
    strikes: ['service', 'gateway', 'cache'],
    weight: 2,
    signs: [sign(ROOT_TYPES.config, 0.8), sign(ERRORS, 0.7)],
    reach: 0.4,
    fading: 0.6,
    stepsMax: 3,
    stepMs: 40 * SECOND_MS,
    lastsMs: SHORT,
    change: { type: 'config', probability: 0.9 },
  },
  {
    name: 'db_overload',
    strikes: ['database'],
    weight: 4,
    signs: [
      sign(symptom('database', 'DbConnectionsExhausted'), 0.9),
      sign(symptom('database', 'DbSlowQueries'), 0.85),
      sign(symptom('database', 'DbReplicationLag'), 0.25),
      sign(ROOT_TYPES.deadlock, 0.2),
    ],
    reach: 0.75,
    fading: 0.55,
    stepsMax: 3,
    stepMs: 45 * SECOND_MS,
    lastsMs: LONG,
    change: { type: 'migration', probability: 0.15 },
  },
  {
    name: 'host_down',
    strikes: ['host'],
    weight: 4,
    signs: [sign(HOST_DOWN, 0.98), sign(NOT_READY, 0.85), sign(LOAD, 0.15)],
    reach: 0.6,
    fading: 0.6,
    stepsMax: 3,
    stepMs: 45 * SECOND_MS,
    lastsMs: SHORT,
  },
  {
    name: 'disk_full',
    strikes: ['host'],
    weight: 2,
    signs: [sign(ROOT_TYPES.diskFull, 0.98), sign(ROOT_TYPES.inodes, 0.2), sign(LOAD, 0.4)],
    reach: 0.5,
    fading: 0.6,
    stepsMax: 3,
    stepMs: 150 * SECOND_MS,
    lastsMs: LONG,
  },
  {
    name: 'mem_leak',
    strikes: ['service'],
    weight: 3,
    signs: [sign(ROOT_TYPES.memory, 0.98), sign(ROOT_TYPES.oom, 0.4), sign(PROBE, 0.3)],
    reach: 0.4,
    fading: 0.6,
    stepsMax: 3,
    stepMs: 110 * SECOND_MS,
    lastsMs: LONG,
  },
  {
    name: 'cert_expiry',
    strikes: ['service', 'gateway'],
    weight: 2,
    signs: [sign(ROOT_TYPES.certificate, 1), sign(LATENCY, 0.3)],
    reach: 0.55,
    fading: 0.6,
    stepsMax: 3,
    stepMs: 45 * SECOND_MS,
    lastsMs: SHORT,
  },
  {
    name: 'queue_backlog',
    strikes: ['queue'],
    weight: 2,
    signs: [
      sign(symptom('queue', 'ConsumerLagHigh'), 0.95),
      sign(symptom('queue', 'UnderReplicated'), 0.4),
    ],
    reach: 0.7,
    fading: 0.5,
    stepsMax: 3,
    stepMs: 90 * SECOND_MS,
    lastsMs: LONG,
  },
  {
    name: 'cache_eviction',
    strikes: ['cache'],
    weight: 1.5,
    signs: [
      sign(symptom('cache', 'CacheMemoryHigh'), 0.9),
      sign(symptom('cache', 'CacheHitRateLow'), 0.7),
    ],
    reach: 0.6,
    fading: 0.5,
    stepsMax: 2,
    stepMs: 60 * SECOND_MS,
    lastsMs: SHORT,
  },
  {
    name: 'noisy_neighbour',
    strikes: ['host'],
    weight: 1.5,
    signs: [sign(ROOT_TYPES.steal, 0.9), sign(ROOT_TYPES.ioWait, 0.5), sign(LOAD, 0.7)],
    reach: 0.6,
    fading: 0.4,
    stepsMax: 2,
    stepMs: 90 * SECOND_MS,
    lastsMs: LONG,
  },
  {
    name: 'upstream_outage',
    strikes: ['external'],
    weight: 1.2,
    signs: [sign(symptom('external', 'UpstreamUnreachable'), 0.9)],
    reach: 0.8,
    fading: 0.5,
    stepsMax: 3,
    stepMs: 45 * SECOND_MS,
    lastsMs: LONG,
    silent: 0.3,
  },
  {
    name: 'dns_failure',
    strikes: ['service'],
    only: /^dns/,
    weight: 0.7,
    signs: [sign(ROOT_TYPES.dns, 0.95)],
    reach: 0.7,
    fading: 0.5,
    stepsMax: 2,
    stepMs: 40 * SECOND_MS,
    lastsMs: SHORT,
    silent: 0.15,
    storms: true,
  },
  {
    name: 'identity_outage',
    strikes: ['service'],
    only: /^(idp|secrets)$/,
    weight: 0.7,
    signs: [sign(ROOT_TYPES.login, 0.95), sign(ERRORS, 0.7)],
    reach: 0.7,
    fading: 0.5,
    stepsMax: 2,
    stepMs: 40 * SECOND_MS,
    lastsMs: SHORT,
    change: { type: 'deployment', probability: 0.3 },
    storms: true,
  },
  {
    name: 'switch_down',
    strikes: ['switch'],
    weight: 0.8,
    signs: [sign(symptom('switch', 'SwitchDown'), 0.9), sign(ROOT_TYPES.link, 0.5)],
    reach: 0.9,
    fading: 0.75,
    stepsMax: 4,
    stepMs: 25 * SECOND_MS,
    lastsMs: SHORT,
    silent: 0.1,
    change: { type: 'infrastructure', probability: 0.2 },
    storms: true,
  },
  {
    name: 'network_partition',
    strikes: ['switch'],
    weight: 0.6,
    signs: [sign(ROOT_TYPES.loss, 0.9), sign(symptom('switch', 'InterfaceErrors'), 0.7)],
    reach: 0.6,
    fading: 0.7,
    stepsMax: 3,
    stepMs: 50 * SECOND_MS,
    lastsMs: SHORT,
    storms: true,
  },
]

/** @throws where there is no such fault */
export const faultNamed = (name: string): FaultKind => {
  const fault = FAULTS.find((kind) => kind.name === name)
  if (!fault) throw new Error(`no fault ${name}`)
  return fault
}
