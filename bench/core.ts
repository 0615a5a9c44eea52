// The correlator alone, one run of one size, as JSON lines: npx tsx bench/core.ts --live 10000
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createCorrelator, restoreCorrelator } from '../correlator/correlator.ts'
import { defaultCorrelatorSettings } from '../correlator/settings.ts'
import type { AlertEvent } from '../domain/event.ts'
import { hash64 } from '../domain/hash.ts'
import { decodeRecord, type EventsBatch, encodeRecord } from '../domain/records.ts'
import { quantile, type Reading } from './report.ts'

const BATCH = 100
/** A thousand records, so that the slowest in a thousand is a reading. */
const DUPLICATES = 100_000
const NEW_ALERTS = 20_000
/** Alerts put through a correlator that is thrown away, so that the code is compiled. */
const WARM_UP = 5_000
const STARTED_AT = Date.UTC(2026, 0, 5)

/** How alerts arrive: their pace by the log's time, and how alike they are. */
interface Mix {
  /** Log time between two records. */
  readonly recordEveryMs: number
  readonly types: number
  readonly cis: number
  /** When an alert began, from when it was first told and which one it is. */
  readonly begins: (toldAt: number, i: number) => number
}

const atOnce = (toldAt: number): number => toldAt
const FEW = { recordEveryMs: 10, types: 50, cis: 10_000 }

const MIXES = {
  /** 10,000 alerts a second of few types: the correlator folds them as storms. */
  storm: { ...FEW, begins: atOnce },
  /** The same, begun up to five seconds before: every record is sorted into those before it. */
  disorder: { ...FEW, begins: (toldAt, i) => toldAt - ((i * 7_919) % 5_000) },
  /** The same, all begun in one instant, as when one rule fires for a whole estate. */
  burst: { ...FEW, begins: () => STARTED_AT },
  /** 100 alerts a second of many types: every one is compared with its candidates. */
  spread: { recordEveryMs: 1_000, types: 20_000, cis: 5_000, begins: atOnce },
} as const satisfies Record<string, Mix>
type MixName = keyof typeof MIXES

const eventOf = (i: number, round: number, toldAt: number, mix: Mix): AlertEvent => {
  const type = `HighErrorRate${i % mix.types}`
  const instance = `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}:9100`
  const service = `svc-${(i * 7) % mix.cis}`
  return {
    id: hash64(`${i} ${round}`),
    fingerprint: hash64(`fingerprint ${i}`),
    status: 'firing',
    name: type,
    severity: 'critical',
    summary: `Error rate of ${service} is above 5% for 10 minutes`,
    labels: { instance, service, namespace: `ns-${i % 20}`, cluster: 'eu-1', team: 'payments' },
    startsAt: mix.begins(toldAt, i),
    link: 'http://prometheus.example:9090/graph?g0.expr=rate%28errors%5B5m%5D%29',
  }
}

/** As the correlator meets it: fresh from its bytes, so that no string is shared by chance. */
const recordOf = (record: number, first: number, round: number, mix: Mix): EventsBatch => {
  // However often an alert is told again, it began when it did.
  const toldAt = STARTED_AT + Math.floor(first / BATCH) * mix.recordEveryMs
  const batch: EventsBatch = {
    kind: 'events',
    receivedAt: STARTED_AT + record * mix.recordEveryMs,
    source: 'alertmanager',
    scope: 'default',
    deliveryId: hash64(`delivery ${record}`),
    events: Array.from({ length: BATCH }, (_, i) => eventOf(first + i, round, toldAt, mix)),
  }
  return decodeRecord('events', encodeRecord('events', batch)) as EventsBatch
}

type Correlator = ReturnType<typeof createCorrelator>

interface Timing {
  readonly perSecond: number
  readonly cpuSecondsPer100k: number
  readonly p999Ms: number
}

/** Applies records made one at a time, and counts only what is spent inside `apply`. */
const drive = (
  correlator: Correlator,
  records: number,
  make: (i: number) => EventsBatch,
): Timing => {
  const times: number[] = []
  let wallMs = 0
  let cpuMicros = 0
  for (let i = 0; i < records; i++) {
    const record = make(i)
    const cpuBefore = process.cpuUsage()
    const startedAt = performance.now()
    correlator.apply(record, correlator.position())
    const ms = performance.now() - startedAt
    const { user, system } = process.cpuUsage(cpuBefore)
    times.push(ms)
    wallMs += ms
    cpuMicros += user + system
  }
  const alerts = records * BATCH
  return {
    perSecond: (alerts * 1_000) / wallMs,
    cpuSecondsPer100k: (cpuMicros / 1e6 / alerts) * 100_000,
    p999Ms: quantile(times, 0.999),
  }
}

const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}

const bytesInUse = (): number => {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const timed = <T>(run: () => T): { value: T; ms: number } => {
  const startedAt = performance.now()
  const value = run()
  return { value, ms: performance.now() - startedAt }
}

/** Whole, and how long each of its two kinds of stops took at most. */
const takeSnapshot = (correlator: Correlator) => {
  const startedAt = performance.now()
  const chunks = correlator.snapshotInChunks()
  const heldMs = performance.now() - startedAt
  const made: Uint8Array[] = []
  let worstMs = 0
  let last = performance.now()
  for (const chunk of chunks) {
    const now = performance.now()
    worstMs = Math.max(worstMs, now - last)
    last = now
    made.push(chunk)
  }
  return { bytes: Buffer.concat(made), heldMs, worstMs, wholeMs: last - startedAt }
}

/** A correlator that holds so many live alerts, and the bytes that each of them takes. */
const fill = (live: number, mix: Mix): { correlator: Correlator; bytesPerAlert: number } => {
  const before = bytesInUse()
  const correlator = createCorrelator(defaultCorrelatorSettings)
  drive(correlator, live / BATCH, (i) => recordOf(i, i * BATCH, 0, mix))
  return { correlator, bytesPerAlert: (bytesInUse() - before) / correlator.stats().liveAlerts }
}

/** Duplicates and then new alerts on top of so many live ones; snapshot and restore. */
const measure = (live: number, name: MixName): Reading[] => {
  const mix = MIXES[name]
  const readings: Reading[] = []
  const say = (figure: string, unit: string, value: number): void => {
    const load = `${name}, ${live.toLocaleString('en')} live`
    readings.push({ part: 'core', load, figure, unit, value })
  }
  const sayTiming = (what: string, timing: Timing): void => {
    say(what, '/s', timing.perSecond)
    say(`${what}: CPU`, 's/100k', timing.cpuSecondsPer100k)
    say(`${what}: apply p99.9`, 'ms', timing.p999Ms)
  }
  fill(WARM_UP, mix)
  const { correlator, bytesPerAlert } = fill(live, mix)
  say('memory per live alert', 'B', bytesPerAlert)
  const filled = live / BATCH
  const repeats = DUPLICATES / BATCH
  const duplicates = drive(correlator, repeats, (i) =>
    recordOf(filled + i, (i % filled) * BATCH, 1 + Math.floor(i / filled), mix),
  )
  sayTiming('duplicates', duplicates)
  const { bytes, heldMs, worstMs, wholeMs } = takeSnapshot(correlator)
  say('snapshot: held', 'ms', heldMs)
  say('snapshot: longest chunk', 'ms', worstMs)
  say('snapshot', 'ms', wholeMs)
  say('snapshot size per alert', 'B', bytes.length / live)
  say('restore', 'ms', timed(() => restoreCorrelator(bytes, defaultCorrelatorSettings)).ms)
  const fresh = drive(correlator, NEW_ALERTS / BATCH, (i) =>
    recordOf(filled + repeats + i, live + repeats * BATCH + i * BATCH, 0, mix),
  )
  sayTiming('new alerts', fresh)
  return readings
}

const { values: flags } = parseArgs({
  options: {
    live: { type: 'string', default: '10000' },
    mix: { type: 'string', default: 'storm' },
  },
})
if (!Object.hasOwn(MIXES, flags.mix)) throw new Error(`--mix is one of ${Object.keys(MIXES)}`)
for (const reading of measure(Number(flags.live), flags.mix as MixName))
  process.stdout.write(`${JSON.stringify(reading)}\n`)
