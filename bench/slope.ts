// Does an event cost more the more is going on? The correlator at 1k, 10k, 100k live alerts.
import { parseArgs } from 'node:util'
import { createCorrelator } from '../correlator/correlator.ts'
import { defaultCorrelatorSettings } from '../correlator/settings.ts'
import type { AlertEvent } from '../domain/event.ts'
import { hash64 } from '../domain/hash.ts'
import type { EventsBatch } from '../domain/records.ts'
import type { Reading } from './report.ts'

const BATCH = 100
const MEASURED = 10_000
const STARTED_AT = Date.UTC(2026, 0, 5)
/** One record of 100 alerts a second, however many are live: only their number differs. */
const RECORD_EVERY_MS = 1_000
const TYPES = 2_000

type Correlator = ReturnType<typeof createCorrelator>

/** Each alert on a CI of its own, so that open incidents grow as live alerts do. */
const eventOf = (i: number, round: number, startsAt: number): AlertEvent => ({
  id: hash64(`${i} ${round}`),
  fingerprint: hash64(`fingerprint ${i}`),
  status: 'firing',
  name: `Condition${(i * 7_919) % TYPES}`,
  severity: 'error',
  summary: `Condition of ci${i} is above its threshold`,
  labels: { instance: `ci${i}:9100`, cluster: 'eu-1' },
  startsAt,
})

const startOf = (i: number): number => STARTED_AT + Math.floor(i / BATCH) * RECORD_EVERY_MS

/** The record at this place of the log, of the alerts from `first` on. */
const recordOf = (place: number, first: number, round: number): EventsBatch => ({
  kind: 'events',
  receivedAt: STARTED_AT + place * RECORD_EVERY_MS,
  source: 'bench',
  scope: 'default',
  deliveryId: `delivery ${place}`,
  events: Array.from({ length: BATCH }, (_, k) => eventOf(first + k, round, startOf(first + k))),
})

/** @returns CPU microseconds an event */
const drive = (correlator: Correlator, records: readonly EventsBatch[]): number => {
  const before = process.cpuUsage()
  for (const record of records) correlator.apply(record, correlator.position())
  const { user, system } = process.cpuUsage(before)
  return (user + system) / (records.length * BATCH)
}

interface Cost {
  readonly live: number
  readonly openIncidents: number
  readonly repeatMicros: number
  readonly newMicros: number
}

const costAt = (live: number): Cost => {
  const correlator = createCorrelator(defaultCorrelatorSettings)
  let place = 0
  for (let i = 0; i < live; i += BATCH) {
    correlator.apply(recordOf(place, i, 0), correlator.position())
    place += 1
  }
  const { liveAlerts, openIncidents } = correlator.stats()
  const repeats = Array.from({ length: MEASURED / BATCH }, (_, i) => {
    const round = 1 + Math.floor((i * BATCH) / live)
    return recordOf(place + i, (i * BATCH) % live, round)
  })
  const repeatMicros = drive(correlator, repeats)
  place += repeats.length
  // New alerts begin when they are told: their number is their place in the log.
  const fresh = Array.from({ length: MEASURED / BATCH }, (_, i) =>
    recordOf(place + i, (place + i) * BATCH, 0),
  )
  return { live: liveAlerts, openIncidents, repeatMicros, newMicros: drive(correlator, fresh) }
}

/** Of the logarithms, by least squares: 0 = the same however many are live, 1 = in proportion. */
const slopeOf = (points: readonly (readonly [number, number])[]): number => {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const)
  const mean = (of: 0 | 1): number => logs.reduce((sum, log) => sum + log[of], 0) / logs.length
  const [x, y] = [mean(0), mean(1)]
  const spread = logs.reduce((sum, log) => sum + (log[0] - x) ** 2, 0)
  return logs.reduce((sum, log) => sum + (log[0] - x) * (log[1] - y), 0) / spread
}

const { values: flags } = parseArgs({
  options: { live: { type: 'string', default: '1000,10000,100000' } },
})
const say = (reading: Omit<Reading, 'part'>): void => {
  process.stdout.write(`${JSON.stringify({ part: 'slope', ...reading })}\n`)
}
costAt(MEASURED) // so that the code is compiled
const costs = flags.live.split(',').map((live) => costAt(Number(live)))
for (const { live, openIncidents, repeatMicros, newMicros } of costs) {
  const load = `${live.toLocaleString('en')} live`
  say({ load, figure: 'open incidents', unit: '', value: openIncidents })
  say({ load, figure: 'repeat: CPU', unit: 'us/event', value: repeatMicros })
  say({ load, figure: 'new alert: CPU', unit: 'us/event', value: newMicros })
}
const load = 'slope, log-log'
const slope = (of: (cost: Cost) => number): number =>
  slopeOf(costs.map((cost) => [cost.live, of(cost)]))
say({ load, figure: 'repeat: CPU', unit: '', value: slope((cost) => cost.repeatMicros) })
say({ load, figure: 'new alert: CPU', unit: '', value: slope((cost) => cost.newMicros) })
