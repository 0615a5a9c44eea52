// What the desk costs for each alert, as JSON lines: npx tsx bench/desk.ts --at-once 10
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createCorrelator } from '../correlator/correlator.ts'
import { defaultCorrelatorSettings } from '../correlator/settings.ts'
import { hash64 } from '../domain/hash.ts'
import type { Log } from '../domain/ports/log.ts'
import { decodeRecord, type EventsBatch, encodeRecord } from '../domain/records.ts'
import { openPgliteDesk } from '../runtime/adapters/desk-pglite.ts'
import { createDesk, type Desk } from '../ticketing/desk.ts'
import { median, quantile, type Reading } from './report.ts'

const BATCH = 100
const RECORD_EVERY_MS = 100
const LATE_MS = 5_000
const STARTED_AT = Date.UTC(2026, 0, 5)
/** As the correlator's role cuts them. */
const OUTPUTS_PER_RECORD_MAX = 250

const { values: flags } = parseArgs({
  options: {
    alerts: { type: 'string', default: '20000' },
    /** Alerts that the desk has before anything is measured. */
    before: { type: 'string', default: '5000' },
    /** Records of the log in one batch, as many as lag behind. */
    'at-once': { type: 'string', default: '10' },
  },
})
const ALERTS = Number(flags.alerts)
const BEFORE = Number(flags.before)
const AT_ONCE = Number(flags['at-once'])

const eventOf = (i: number, record: number) => {
  const service = `svc-${(i * 7) % 2_000}`
  return {
    id: hash64(`${i} ${record}`),
    fingerprint: hash64(`fingerprint ${i}`),
    status: 'firing' as const,
    name: `HighErrorRate${i % 50}`,
    severity: 'critical' as const,
    summary: `Error rate of ${service} is above 5% for 10 minutes`,
    labels: { instance: `10.0.${(i >> 8) & 255}.${i & 255}:9100`, service, team: 'payments' },
    startsAt: STARTED_AT + Math.floor(i / BATCH) * RECORD_EVERY_MS - ((i * 7_919) % LATE_MS),
  }
}

const batchOf = (record: number, first: number): EventsBatch => ({
  kind: 'events',
  receivedAt: STARTED_AT + record * RECORD_EVERY_MS,
  source: 'alertmanager',
  scope: 'default',
  deliveryId: hash64(`delivery ${record}`),
  events: Array.from({ length: BATCH }, (_, i) => eventOf(first + i, record)),
})

/** What the correlator says of alerts, as it stands in the log: made before anything is timed. */
const createTeller = () => {
  const correlator = createCorrelator(defaultCorrelatorSettings)
  let record = 0
  return (alerts: number, firstOf: (record: number) => number): Uint8Array[] => {
    const told: Uint8Array[] = []
    for (let i = 0; i < alerts / BATCH; i++) {
      const { receivedAt: at, ...batch } = batchOf(record, firstOf(i))
      const outputs = correlator.apply({ ...batch, receivedAt: at }, record)
      for (let from = 0; from < outputs.length; from += OUTPUTS_PER_RECORD_MAX) {
        const chunk = outputs.slice(from, from + OUTPUTS_PER_RECORD_MAX)
        told.push(encodeRecord('incidents', { at, cause: record, outputs: chunk }))
      }
      record += 1
    }
    return told
  }
}

/** What the desk decides goes nowhere. */
const NOWHERE = { partitions: async () => 1, append: async () => 0 } as unknown as Log

const say = (load: string, figure: string, unit: string, value: number): void => {
  const reading: Reading = { part: 'desk', load, figure, unit, value }
  process.stdout.write(`${JSON.stringify(reading)}\n`)
}

/** As the role does it: decoded, applied, and what was decided taken out of the outbox. */
const createReader = (desk: Desk) => {
  let offset = 0
  return async (values: readonly Uint8Array[]): Promise<number[]> => {
    const times: number[] = []
    for (let from = 0; from < values.length; from += AT_ONCE) {
      const startedAt = performance.now()
      const records = values
        .slice(from, from + AT_ONCE)
        .map((value) => ({ offset: offset++, record: decodeRecord('incidents', value) }))
      await desk.apply({ topic: 'incidents', partition: 0, next: offset }, records)
      await desk.publishOutbox(NOWHERE)
      times.push(performance.now() - startedAt)
    }
    return times
  }
}

const run = async (): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'faultline-bench-desk-'))
  const tell = createTeller()
  const known = tell(BEFORE, (i) => i * BATCH)
  const loads = {
    'new alerts': tell(ALERTS, (i) => BEFORE + i * BATCH),
    duplicates: tell(ALERTS, (i) => (i * BATCH) % BEFORE),
  }
  const database = await openPgliteDesk({ directory })
  try {
    const read = createReader(createDesk({ database }))
    await read(known)
    for (const [kind, values] of Object.entries(loads)) {
      const cpuBefore = process.cpuUsage()
      const times = await read(values)
      const { user, system } = process.cpuUsage(cpuBefore)
      const load = `${kind}, ${AT_ONCE} records at once`
      say(load, 'CPU', 's/100k', ((user + system) / 1e6 / ALERTS) * 1e5)
      if (values.length === 0) continue
      say(load, 'a transaction p50', 'ms', median(times))
      say(load, 'a transaction p99', 'ms', quantile(times, 0.99))
    }
  } finally {
    await database.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

await run()
